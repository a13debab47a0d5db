import { setImmediate as immediate } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Subscribers } from '../../src/codex/subscribers.ts';

/** Under another name, or it would look like a promise by mistake. */
const THEN = 'then';
const MIB = 1024 * 1024;
interface Numbered {
  readonly n: number;
}

/** A subscriber that is done with an event only when told. */
function slowOn(subscribers: Subscribers<Numbered>) {
  const seen: unknown[] = [];
  const turns: (() => void)[] = [];
  const remove = subscribers.add((event) => {
    seen.push(event);
    return new Promise<void>((resolve) => turns.push(resolve));
  });
  const goOn = async () => {
    turns.shift()?.();
    await immediate();
  };
  return { seen, goOn, remove };
}

afterEach(() => void vi.restoreAllMocks());

describe('Subscribers', () => {
  it('hands each event to everybody, in order, until they are removed', () => {
    const subscribers = new Subscribers<Numbered>();
    const [first, second]: [unknown[], unknown[]] = [[], []];
    const remove = subscribers.add((event) => first.push(event));
    subscribers.add((event) => second.push(event));
    subscribers.deliver({ n: 1 }, 1);
    remove();
    remove();
    subscribers.deliver({ n: 2 }, 1);
    expect([first, second]).toEqual([[{ n: 1 }], [{ n: 1 }, { n: 2 }]]);
  });

  it('gives a slow one the next event when it is done with the last, and keeps nobody else waiting', async () => {
    const subscribers = new Subscribers<Numbered>();
    const slow = slowOn(subscribers);
    const fast: unknown[] = [];
    subscribers.add((event) => fast.push(event));
    for (const n of [1, 2, 3]) subscribers.deliver({ n }, 1);
    expect(fast).toHaveLength(3);
    expect(slow.seen).toEqual([{ n: 1 }]);
    for (let time = 0; time < 3; time++) await slow.goOn();
    expect(slow.seen).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('keeps 64 MiB for a slow one, and beyond it drops all that waits for one mark of how many', async () => {
    const subscribers = new Subscribers<Numbered>();
    const slow = slowOn(subscribers);
    subscribers.deliver({ n: 0 }, MIB);
    for (let n = 1; n <= 64; n++) subscribers.deliver({ n }, MIB);
    await slow.goOn();
    expect(slow.seen).toEqual([{ n: 0 }, { n: 1 }]);
    for (let n = 65; n <= 66; n++) subscribers.deliver({ n }, MIB);
    subscribers.deliver({ n: 67 }, 1);
    for (let time = 0; time < 3; time++) await slow.goOn();
    expect(slow.seen.slice(2)).toEqual([{ type: 'x-optio-lagged', dropped: 65 }, { n: 67 }]);
  });

  it('counts on while the mark itself waits, and begins anew when it was told', async () => {
    const subscribers = new Subscribers<Numbered>();
    const slow = slowOn(subscribers);
    subscribers.deliver({ n: 0 }, 1);
    for (const n of [1, 2]) subscribers.deliver({ n }, 65 * MIB);
    await slow.goOn();
    expect(slow.seen.at(-1)).toEqual({ type: 'x-optio-lagged', dropped: 2 });
    subscribers.deliver({ n: 3 }, 65 * MIB);
    await slow.goOn();
    expect(slow.seen.at(-1)).toEqual({ type: 'x-optio-lagged', dropped: 1 });
  });

  it('gives nothing more to one that was removed while events waited for it', async () => {
    const subscribers = new Subscribers<Numbered>();
    const slow = slowOn(subscribers);
    for (const n of [1, 2]) subscribers.deliver({ n }, 1);
    slow.remove();
    await slow.goOn();
    expect(slow.seen).toEqual([{ n: 1 }]);
  });

  it('warns once of one that throws or rejects, and goes on giving it events', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const subscribers = new Subscribers<Numbered>();
    let seen = 0;
    subscribers.add(() => {
      seen++;
      throw new Error('thrown');
    });
    subscribers.add(() => Promise.reject('rejected'));
    for (const n of [1, 2]) {
      subscribers.deliver({ n }, 1);
      await immediate();
    }
    expect(seen).toBe(2);
    expect(warn.mock.calls.map(([warning]) => String(warning))).toEqual(['Error: thrown', 'rejected']);
  });

  it('goes on with one that returns a promise of its own making, which fails at once', async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const subscribers = new Subscribers<Numbered>();
    const seen: unknown[] = [];
    subscribers.add((event) => {
      seen.push(event);
      const broken: Record<string, unknown> = {};
      broken[THEN] = () => {
        throw new Error('no promise');
      };
      return broken;
    });
    for (const n of [1, 2]) {
      subscribers.deliver({ n }, 1);
      await immediate();
    }
    expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('survives a subscriber that removes itself, or adds another, while it is told', () => {
    const subscribers = new Subscribers<Numbered>();
    const late: unknown[] = [];
    const remove = subscribers.add(() => {
      remove();
      subscribers.add((event) => late.push(event));
    });
    subscribers.deliver({ n: 1 }, 1);
    subscribers.deliver({ n: 2 }, 1);
    expect(late.at(-1)).toEqual({ n: 2 });
  });
});
