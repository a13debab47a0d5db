import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LineTransport } from '../../src/rpc/lines.ts';
import { createTransportPair } from '../../src/rpc/memory.ts';
import { traceTransport } from '../../src/rpc/tracing.ts';
import { collect } from '../support/receiver.ts';

describe('traceTransport', () => {
  it('tells its witness every message in both directions, as it went over the wire', async () => {
    const [ours, theirs] = createTransportPair();
    const told: [string, string][] = [];
    const traced = traceTransport(ours, (...message) => told.push(message));
    const [seen, atPeer] = [collect(traced), collect(theirs)];
    await traced.send('{"a":1}');
    await theirs.send('{"b":2}');
    traced.close();
    await Promise.all([seen.closed, atPeer.closed]);
    expect(told).toEqual([
      ['out', '{"a":1}'],
      ['in', '{"b":2}'],
    ]);
    expect([seen.messages, atPeer.messages]).toEqual([['{"b":2}'], ['{"a":1}']]);
  });

  it('does no harm with a witness that throws', async () => {
    const [ours, theirs] = createTransportPair();
    const traced = traceTransport(ours, () => {
      throw new Error('the disk is full');
    });
    const [seen, atPeer] = [collect(traced), collect(theirs)];
    await traced.send('1');
    await theirs.send('2');
    theirs.close();
    await expect(seen.closed).resolves.toBeUndefined();
    expect([seen.messages, atPeer.messages]).toEqual([['2'], ['1']]);
  });

  it('passes on what is too large, and the error of the end', async () => {
    const input = new PassThrough();
    const lines = new LineTransport({ input, output: new PassThrough(), maxMessageBytes: 2 });
    const seen = collect(traceTransport(lines, () => {}));
    input.write('12345\n');
    input.destroy(new Error('torn'));
    await expect(seen.closed).resolves.toMatchObject({ message: 'torn' });
    expect(seen.closes).toBe(1);
  });
});
