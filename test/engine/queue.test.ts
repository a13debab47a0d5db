import { describe, expect, it } from 'vitest';
import { Queue, type QueueOptions } from '../../src/engine/queue.ts';

type Waiting = Parameters<Queue['add']>[0];

function run(id: string, more: Partial<Waiting> = {}): Waiting {
  const same = {
    taskId: 'nightly',
    host: 'local',
    state: 'scheduled' as const,
    priority: 0,
    notBefore: null,
    metadata: {},
  };
  return { id, place: id.charCodeAt(0), ...same, ...more };
}

function taken(queue: Queue, now = 0): string[] {
  const ids: string[] = [];
  for (let next = queue.take(now); next; next = queue.take(now)) ids.push(next.id);
  return ids;
}

function queueOf(options: QueueOptions, ...runs: Waiting[]): Queue {
  const queue = new Queue(options);
  for (const each of runs) queue.add(each);
  return queue;
}

describe('a queue', () => {
  it('gives the highest priority first, and of equals the one that came first', () => {
    const queue = queueOf({}, run('c'), run('b'), run('old', { place: 0 }), run('first', { priority: 1 }));
    expect(taken(queue)).toEqual(['first', 'old', 'b', 'c']);
  });

  it('lets a run wait for its time, and says when that is', () => {
    const queue = queueOf({}, run('later', { notBefore: '1970-01-01T00:00:05.000Z' }), run('now'));
    expect(taken(queue, 0)).toEqual(['now']);
    expect(queue.nextDueAt(0)).toBe(5_000);
    expect(taken(queue, 5_000)).toEqual(['later']);
    expect(queue.nextDueAt(5_000)).toBeUndefined();
  });

  it('keeps to the limit of all, and goes on when one has ended', () => {
    const queue = queueOf({ limits: { total: 1 } }, run('a'), run('b'));
    expect(taken(queue)).toEqual(['a']);
    expect(queue.isFull(run('x'))).toBe(true);
    queue.remove('a');
    expect(taken(queue)).toEqual(['b']);
  });

  it('keeps to the limit of a task without holding up another', () => {
    const queue = queueOf(
      { limitOfTask: (taskId) => (taskId === 'nightly' ? 1 : undefined) },
      run('a'),
      run('b', { priority: 9 }),
      run('c', { taskId: 'other' }),
    );
    expect(taken(queue)).toEqual(['b', 'c']);
    expect(queue.isFull({ taskId: 'other', host: 'local', metadata: {} })).toBe(false);
  });

  it('keeps to the limit of a host, for each of them', () => {
    const far = { host: 'far' };
    const queue = queueOf({ limits: { perHost: 1 } }, run('a'), run('b'), run('c', far), run('d', far));
    expect(taken(queue)).toEqual(['a', 'c']);
    queue.remove('a');
    expect(taken(queue)).toEqual(['b']);
  });

  it('keeps to the limit of a tag, for each of its values', () => {
    const red = { metadata: { team: 'red' } };
    const queue = queueOf(
      { limits: { byTag: { team: 1 } } },
      run('a', red),
      run('b', red),
      run('c', { metadata: { team: 'blue' } }),
      run('d'),
    );
    expect(taken(queue)).toEqual(['a', 'c', 'd']);
  });

  it('takes up what was under way before, whatever the limits say, and counts it', () => {
    const queue = queueOf(
      { limits: { total: 1 } },
      run('a', { state: 'running' }),
      run('b', { state: 'cancelling' }),
      run('c'),
    );
    expect(taken(queue)).toEqual(['a', 'b']);
  });

  it('does not count a run whose children are not over, and lets those begin before others', () => {
    const child = { parentId: 'parent' };
    const queue = queueOf({ limits: { total: 1 } }, run('parent'));
    expect(taken(queue)).toEqual(['parent']);
    queue.add(run('older', { place: 0 }));
    queue.add(run('one', child));
    queue.add(run('two', child));
    expect(taken(queue)).toEqual(['one']);
    queue.remove('one');
    expect(taken(queue)).toEqual(['two']);
    queue.remove('two');
    expect(taken(queue)).toEqual([]); // the parent has its place again
    queue.remove('parent');
    expect(taken(queue)).toEqual(['older']);
  });

  it('leaves out what cannot run yet', () => {
    let isDefined = false;
    const queue = queueOf({ canRun: () => isDefined }, run('a'));
    expect(taken(queue)).toEqual([]);
    isDefined = true;
    expect(taken(queue)).toEqual(['a']);
  });
});
