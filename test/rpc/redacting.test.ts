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
    expect(redact('{"method":"none"}', ['none', 'EMPTY', ''])).toBe('{"method":"none"}');
  });

  it.each([
    ['a text', 'key sk-1234, again: sk-1234.', 'key (a secret, left out), again: (a secret, left out).'],
    ['a message', '{"error":{"message":"no \\"sk-1234\\""}}', '{"error":{"message":"no \\"(a secret, left out)\\""}}'],
    [
      'JSON that a message quotes',
      '{"a":"{\\"b\\":\\"\\\\nsk-1234\\"}"}',
      '{"a":"{\\"b\\":\\"\\\\n(a secret, left out)\\"}"}',
    ],
  ])('takes a short one out of %s as a whole word', (_where, text, clean) => {
    expect(redact(text, ['sk-1234'])).toBe(clean);
  });

  it('leaves a longer word alone that has a short one in it', () => {
    expect(redact('task-1234 and sk-12345', ['sk-1234'])).toBe('task-1234 and sk-12345');
  });

  it('leaves a message as it is understood when a short one is a word or a number of the protocol', () => {
    const told = '{"id":"123456","method":"result","params":{"result":{"tokens":123456}}}';
    expect(redact(told, ['result', 'params', '123456', 'method'])).toBe(told);
  });

  it('takes out one that JSON writes in another way', () => {
    expect(redact('{"m":"a\\"b-cde!"}', ['a"b-cde'])).toBe('{"m":"(a secret, left out)!"}');
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
