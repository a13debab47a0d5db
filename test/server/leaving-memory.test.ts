import { expect, it } from 'vitest';
import type { ReadOptions } from '../../src/contract/run-handle.ts';
import { streamEvents } from '../../src/server/event-stream.ts';
import type { StreamEnd } from '../../src/server/sse-response.ts';
import { heap } from '../support/heap.ts';
import { until } from '../support/processes.ts';
import { openSse, type SseReader, serveOnSocket } from '../support/sse.ts';
import { notice } from '../support/stored-run.ts';
import { openToldRun } from '../support/told-run.ts';

const LEAVING = 1_000;
const ROUNDS = 3;

it(`keeps nothing of ${LEAVING} readers who leave an idle run`, async () => {
  const run = await openToldRun();
  await run.tell(notice('one'));
  let reading = 0;
  async function* counted(options?: ReadOptions) {
    reading++;
    try {
      yield* run.handle.events(options);
    } finally {
      reading--;
    }
  }
  const handle = { ...run.handle, events: counted };
  const ends: Promise<StreamEnd>[] = [];
  const path = await serveOnSocket((response) => void ends.push(streamEvents(response, { handle })));
  const comeAndGo = async () => {
    const readers: SseReader[] = [];
    for (let index = 0; index < LEAVING; index++) readers.push(await openSse(path));
    await Promise.all(readers.map((reader) => reader.has(3)));
    expect(reading).toBe(LEAVING);
    for (const reader of readers) reader.leave();
    const hows = (await Promise.all(ends.splice(0))).map(({ how }) => how);
    expect(new Set(hows)).toEqual(new Set(['left']));
    await until(() => reading === 0, 'the end of all reading');
  };
  await comeAndGo(); // to warm up
  const before = heap();
  for (let round = 0; round < ROUNDS; round++) await comeAndGo();
  expect((heap() - before) / (ROUNDS * LEAVING), 'bytes for each who was there').toBeLessThan(1_000);
});
