import { describe, expect, it } from 'vitest';
import { createTransportPair } from '../../src/rpc/memory.ts';
import { redact, redactTransport } from '../../src/rpc/redacting.ts';
import { collect } from '../support/receiver.ts';

const SECRET = 'sk-canary-"of"-the-wire';

describe('redact', () => {
  it.each([
    ['as it is', `key ${SECRET}, again ${SECRET}`, 'key (a secret, left out), again (a secret, left out)'],
    ['as JSON writes it', JSON.stringify([SECRET]), '["(a secret, left out)"]'],
    ['nowhere', 'no key', 'no key'],
  ])('takes a secret out of a text that has it %s', (_where, text, clean) => {
    expect(redact(text, [SECRET])).toBe(clean);
  });

  it('lets a key pass that is too short to be a secret: it may be a word of the protocol', () => {
    expect(redact('{"method":"none"}', ['none', 'method', ''])).toBe('{"method":"none"}');
  });
});

describe('redactTransport', () => {
  it('can be asked for a sign of life where the transport can', async () => {
    const [ours] = createTransportPair();
    expect(redactTransport(ours, new Set()).ping).toBeUndefined();
    const asked = redactTransport(Object.assign(ours, { ping: async () => {} }), new Set());
    await expect(asked.ping?.()).resolves.toBeUndefined();
  });

  it('takes out what the peer says back, also of secrets that were added later, and sends what it is told to', async () => {
    const [ours, theirs] = createTransportPair();
    const secrets = new Set<string>();
    const clean = redactTransport(ours, secrets);
    const [seen, atPeer] = [collect(clean), collect(theirs)];
    await clean.send(SECRET);
    secrets.add(SECRET);
    await theirs.send(`you said ${SECRET}`);
    theirs.close();
    await seen.closed;
    expect(atPeer.messages).toEqual([SECRET]);
    expect(seen.messages).toEqual(['you said (a secret, left out)']);
  });
});
