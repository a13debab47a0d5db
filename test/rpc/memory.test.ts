import { describe, expect, it } from 'vitest';
import { createTransportPair } from '../../src/rpc/memory.ts';
import { collect } from '../support/receiver.ts';

describe('a pair of transports in memory', () => {
  it('delivers what each sends to the other, in order and with its size', async () => {
    const [left, right] = createTransportPair();
    const [atLeft, atRight] = [collect(left), collect(right)];
    await left.send('"ä"');
    await left.send('2');
    await right.send('3');
    left.close();
    await Promise.all([atLeft.closed, atRight.closed]);
    expect(atRight.messages).toEqual(['"ä"', '2']);
    expect(atRight.sizes).toEqual([4, 1]);
    expect(atLeft.messages).toEqual(['3']);
  });

  it('keeps what is sent before the other starts, and its end as well', async () => {
    const [left, right] = createTransportPair();
    await left.send('1');
    await left.send('2');
    left.close();
    const seen = collect(right);
    await expect(seen.closed).resolves.toBeUndefined();
    expect(seen.messages).toEqual(['1', '2']);
  });

  it('does not deliver while the sender is still at it', async () => {
    const [left, right] = createTransportPair();
    const seen = collect(right);
    const sending = left.send('1');
    expect(seen.messages).toEqual([]);
    await sending;
    expect(seen.messages).toEqual(['1']);
  });

  it.each(['left', 'right'])('tells both sides the end once when the %s side closes', async (side) => {
    const [left, right] = createTransportPair();
    const [atLeft, atRight] = [collect(left), collect(right)];
    const closing = side === 'left' ? left : right;
    closing.close();
    closing.close();
    await Promise.all([atLeft.closed, atRight.closed]);
    expect([atLeft.closes, atRight.closes]).toEqual([1, 1]);
  });

  it('refuses to send after the end, from either side', async () => {
    const [left, right] = createTransportPair();
    left.close();
    for (const transport of [left, right]) {
      await expect(transport.send('late')).rejects.toMatchObject({ code: 'connection-closed' });
    }
  });
});
