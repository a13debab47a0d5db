import { describe, expect, it } from 'vitest';
import { Lookout } from '../../src/engine/lookout.ts';

/** A clock that stands still, and the lookout that waits for it. */
function make(work: () => Promise<number | undefined>) {
  const waiting: { at: number; wake: () => void }[] = [];
  const clock = {
    now: () => 0,
    at(at: number, wake: () => void) {
      const entry = { at, wake };
      waiting.push(entry);
      return () => void waiting.splice(waiting.indexOf(entry), 1);
    },
  };
  return { lookout: new Lookout({ clock, work }), waiting };
}

describe('a lookout', () => {
  it('looks again at the time that its work gives, and not at all without one', async () => {
    const times = [5, undefined];
    const { lookout, waiting } = make(async () => times.shift());
    await lookout.look();
    expect(waiting.map(({ at }) => at)).toEqual([5]);
    waiting.splice(0)[0]?.wake();
    await lookout.idle();
    expect([times, waiting]).toEqual([[], []]);
  });

  it('waits for one time only, however often it is told to look', async () => {
    let at = 0;
    const { lookout, waiting } = make(async () => ++at);
    await Promise.all([lookout.look(), lookout.look(), lookout.look()]);
    expect(waiting.map((entry) => entry.at)).toEqual([3]);
  });

  it('never works twice at once', async () => {
    let working = 0;
    let most = 0;
    const { lookout } = make(async () => {
      most = Math.max(most, ++working);
      await Promise.resolve();
      working--;
      return undefined;
    });
    await Promise.all([lookout.look(), lookout.look(), lookout.look()]);
    expect(most).toBe(1);
  });

  it('begins nothing once it is stopped, and is stopped when nothing is being done', async () => {
    const gate = Promise.withResolvers<void>();
    let isDone = false;
    const { lookout, waiting } = make(async () => {
      await gate.promise;
      isDone = true;
      return 5;
    });
    void lookout.look();
    const stopped = lookout.stop();
    gate.resolve();
    await stopped;
    await lookout.look();
    expect([isDone, waiting]).toEqual([true, []]);
  });
});
