import { describe, expect, it } from 'vitest';
import { TakenMessages } from '../../src/codex/taken-messages.ts';

describe('TakenMessages', () => {
  it('knows in which turn a message was seen, at once or when it shows', async () => {
    const taken = new TakenMessages();
    taken.add('early', 't1');
    await expect(taken.whenTaken('early')).resolves.toBe('t1');
    const late = taken.whenTaken('late');
    taken.add('late', 't2');
    await expect(late).resolves.toBe('t2');
    expect(taken.turnOf('never')).toBeUndefined();
  });

  it('stops looking for a message that does not show', async () => {
    await expect(new TakenMessages(1).whenTaken('missing')).resolves.toBeUndefined();
  });

  it('remembers no message that nobody waits for any more, whether it has shown or not', async () => {
    const taken = new TakenMessages(1);
    const over = Promise.withResolvers<void>();
    const [first, later] = [taken.whenTaken('missing'), taken.whenTaken('missing', over.promise)];
    const shown = taken.whenTaken('shown');
    expect(taken.awaited).toBe(2);
    taken.add('shown', 't1');
    await Promise.all([first, shown]);
    expect(taken.awaited, 'somebody still waits for the one').toBe(1);
    taken.add('missing', 't2');
    await expect(later).resolves.toBe('t2');
    await taken.whenTaken('never');
    expect(taken.awaited).toBe(0);
  });

  it('forgets a message that is sent again, and the oldest of very many', () => {
    const taken = new TakenMessages();
    taken.add('again', 't1');
    taken.forget('again');
    expect(taken.turnOf('again')).toBeUndefined();
    for (let at = 0; at <= 1_000; at++) taken.add(`m${at}`, 't');
    expect([taken.turnOf('m0'), taken.turnOf('m1'), taken.turnOf('m1000')]).toEqual([undefined, 't', 't']);
  });
});
