import { setImmediate as breathe } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import { LiveJournal } from '../../src/engine/live-journal.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { testDirectory } from '../support/directories.ts';

const DELTAS = 1_000_000;
const PIECE = 1_000;
const MEGABYTE = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heap(): number {
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

it('takes a million deltas, with a reader who sees all of their text, in memory that does not grow', async () => {
  await using store = await openSqliteStore(testDirectory());
  await store.runs.add({ id: 'run', taskId: 'task' });
  const journal = new LiveJournal({ store: store.journal, runId: 'run', claim: 0, lastSeq: 0 });
  let read = 0;
  const reader = (async () => {
    for await (const event of journal.events() as AsyncIterable<RunEvent>) {
      if (event.type === 'item.delta') read += event.delta.length;
    }
  })();
  const half: number[] = [];
  for (let sent = 0; sent < DELTAS; sent += PIECE) {
    for (let index = sent; index < sent + PIECE; index++) {
      journal.emit({
        type: 'item.delta',
        turnId: 'turn',
        itemId: `item-${index >> 4}`,
        part: 'text',
        delta: 'sixteen letters.',
      });
    }
    await journal.written();
    await breathe();
    if (sent + PIECE === DELTAS / 2 || sent + PIECE === DELTAS) half.push(heap());
  }
  journal.close();
  await reader;
  expect(read).toBe(DELTAS * 16);
  const [middle = 0, end = 0] = half;
  expect(end - middle).toBeLessThan(8 * MEGABYTE);
});
