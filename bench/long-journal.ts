// A journal of a million deltas: how fast it is read, against plain statements on the same file; and how long at a stretch
// reading, compacting and removing it keep everybody else in the process from their turn. Half of the deltas are of items
// with a few of them, the other half of one item.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as breathe } from 'node:timers/promises';
import type { RunEvent, RunEventBody } from '../src/contract/event.ts';
import { compactJournal } from '../src/engine/compaction.ts';
import { readEvents } from '../src/engine/event-tail.ts';
import { viewOf } from '../src/engine/history.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';
import { alternate, median, printRatio } from './measure.ts';

const DELTAS = 1_000_000;
const OF_ITEM = 8;
const BATCH = 500;
const ROUNDS = 5;
const MEGABYTE = 1024 * 1024;
const AT = '2026-11-24T10:00:00.000Z';

const directory = mkdtempSync('/var/tmp/optio-codex-bench-');
let events = 0;

function* story(): Generator<RunEventBody> {
  for (let told = 0; told < DELTAS; ) {
    const itemId = `item-${told}`;
    const deltas = told < DELTAS / 2 ? OF_ITEM : DELTAS / 2;
    for (let index = 0; index < deltas; index++, told++) {
      const delta = `some words of the text number ${told}, as many as a delta has`;
      yield { type: 'item.delta', turnId: 'turn', itemId, part: 'text', delta };
    }
    yield { type: 'item.completed', turnId: 'turn', item: { kind: 'agentMessage', id: itemId, text: 'all of it' } };
  }
}

async function write(): Promise<void> {
  await using store = await openSqliteStore(directory);
  await store.runs.add({ id: 'run', taskId: 'bench' });
  let batch: RunEvent[] = [];
  const append = () => store.journal.append({ runId: 'run', claim: 0, events: batch });
  for (const body of story()) {
    batch.push({ seq: ++events, at: AT, ...body });
    if (batch.length < BATCH) continue;
    await append();
    batch = [];
  }
  await append();
}

/** Seconds for all events, as whoever takes up a run reads them. */
async function throughStore(): Promise<number> {
  await using store = await openSqliteStore(directory);
  const start = performance.now();
  let read = 0;
  for await (const _ of readEvents(store.journal, 'run', 0)) read++;
  if (read !== events) throw new Error(`read ${read} of ${events} events`);
  return (performance.now() - start) / 1000;
}

/** The same with one prepared statement, a page at a time. */
async function plainly(): Promise<number> {
  const database = new DatabaseSync(join(directory, 'optio.db'), { readOnly: true });
  const page = database.prepare(
    'select seq, at, body from journal where run_id = ? and seq > ? order by seq limit 500',
  );
  const start = performance.now();
  for (let after = 0; after < events; ) {
    for (const { seq, body } of page.all('run', after) as { seq: number; body: string }[]) {
      JSON.parse(body);
      after = seq;
    }
  }
  database.close();
  return (performance.now() - start) / 1000;
}

/** What this thread has computed so far, in milliseconds: whatever else the machine does is not in it. */
function cpu(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Tells how long something takes, how long others wait for their turn at most meanwhile, and how the memory grows. */
async function observe(what: string, act: () => Promise<unknown>): Promise<void> {
  const waits: number[] = [];
  let busy = 0;
  let isOver = false;
  let peak = 0;
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const others = (async () => {
    for (let last = performance.now(), used = cpu(); !isOver; ) {
      await breathe();
      const now = performance.now();
      busy = Math.max(busy, cpu() - used);
      used = cpu();
      waits.push(now - last);
      last = now;
      if (waits.length % 50 === 0) peak = Math.max(peak, process.memoryUsage().rss);
    }
  })();
  const start = performance.now();
  await act();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  isOver = true;
  await others;
  const sorted = waits.sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
  const grown = Math.max(0, peak - before) / MEGABYTE;
  process.stdout.write(
    `${what}: ${seconds} s; others wait ${at(0.5)} ms (median), ${at(0.99)} ms (p99), ${at(1)} ms (longest); ` +
      `it computes for ${busy.toFixed(1)} ms at a stretch at most; resident memory grows by ${grown.toFixed(0)} MB at most\n`,
  );
}

try {
  await write();
  const { store, plain } = await alternate(ROUNDS, { store: throughStore, plain: plainly });
  const perSecond = (seconds: number[]) => Math.round(events / median(seconds)).toLocaleString('en-US');
  process.stdout.write(`events read in a second: store ${perSecond(store)}, plain statement ${perSecond(plain)}\n`);
  {
    await using open = await openSqliteStore(directory);
    const { journal } = open;
    await observe('what one sees is made of it', () => viewOf(readEvents(journal, 'run', 0)));
    await observe('it is compacted', () => compactJournal(journal, 'run', 0));
  }
  rmSync(directory, { recursive: true, force: true });
  events = 0;
  await write();
  await using open = await openSqliteStore(directory);
  await observe('it is removed', () => open.runs.remove('run'));
  printRatio('journal-read', median(plain) / median(store));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
