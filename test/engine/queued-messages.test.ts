import { expect, it } from 'vitest';
import { QueuedMessages } from '../../src/engine/queued-messages.ts';

const A = { id: 'a', text: 'a', images: [] };

/** A queue in which `first` was asked for, and whose disk takes that only when it is told to. */
async function blockedAfter(first: (queue: QueuedMessages) => Promise<unknown>, isThere = true) {
  const blocked = Promise.withResolvers<void>();
  const waiting: string[] = [];
  let isBlocked = false;
  const write = async ({ type }: { readonly type: string }) => {
    if (!isBlocked) return;
    waiting.push(type);
    await blocked.promise;
  };
  const queue = new QueuedMessages({ runId: 'run', write, before: { queue: [], queuePause: null } });
  if (isThere) await queue.add(A);
  isBlocked = true;
  const asked = first(queue);
  return { queue, asked, waiting, unblock: blocked.resolve };
}

/** What is settled once all that can go on has gone on. */
async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  void promise.then(() => {
    isSettled = true;
  });
  await new Promise(setImmediate);
  return isSettled;
}

type Act = (queue: QueuedMessages) => Promise<unknown>;
const REPEATED: readonly [string, Act, Act?][] = [
  ['add', (queue) => queue.add(A)],
  ['edit', (queue) => queue.edit('a', 'b')],
  ['hold', (queue) => queue.hold('a')],
  ['pause', (queue) => queue.pauseByWish()],
  ['clear', (queue) => queue.clear()],
  ['remove', (queue) => queue.remove('a'), (queue) => queue.add(A)],
  ['pause', (queue) => queue.pause('interrupt'), (queue) => queue.pause('interrupt')],
];

it.each(REPEATED)(
  'tells nobody who repeats it that it is safe before it is on disk: %s',
  async (name, act, again = act) => {
    const { queue, asked, waiting, unblock } = await blockedAfter(act, name !== 'add');
    const repeated = again(queue);
    expect(await hasSettled(repeated)).toBe(false);
    expect(waiting).toHaveLength(1); // and nothing is written twice
    unblock();
    await Promise.all([asked, repeated]);
  },
);

it.each([
  ['release', (queue: QueuedMessages) => queue.hold('a'), (queue: QueuedMessages) => queue.release('a')],
  ['resume', (queue: QueuedMessages) => queue.pauseByWish(), (queue: QueuedMessages) => queue.resume()],
])('nor whoever repeats what undoes something: %s', async (_, first, act) => {
  const { queue, asked, unblock } = await blockedAfter(first);
  const all = [asked, act(queue), act(queue)];
  for (const each of all) expect(await hasSettled(each)).toBe(false);
  unblock();
  await Promise.all(all);
});

it('tells whoever repeats it what came of it when it could not be written', async () => {
  const write = async () => {
    throw new Error('the disk is full');
  };
  const queue = new QueuedMessages({ runId: 'run', write, before: { queue: [], queuePause: null } });
  const both = await Promise.allSettled([queue.add(A), queue.add(A)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

it('says who wrote what a message says', async () => {
  const queue = new QueuedMessages({ runId: 'run', write: async () => {}, before: { queue: [], queuePause: null } });
  const by = () => queue.find('a')?.by;
  await queue.add({ ...A, by: 'Ada' });
  await queue.hold('a');
  await queue.edit('a', 'a', { by: 'Bob' }); // which only lets it go
  expect(by()).toBe('Ada');
  await queue.edit('a', 'b', { by: 'Bob' });
  expect(by()).toBe('Bob');
  await queue.edit('a', 'c');
  expect(by()).toBeUndefined();
});
