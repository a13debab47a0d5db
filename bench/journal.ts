// How long an event takes from `emit` to a reader, at several rates over 50 runs with a reader each; and how many events
// the store takes in a second, against plain prepared inserts with the same durability: in the batches that the store is
// given, and in transactions as large as those that it makes of what waits.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as breathe } from 'node:timers/promises';
import type { RunEvent, RunEventBody } from '../src/contract/event.ts';
import { LiveJournal } from '../src/engine/live-journal.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/store.ts';
import { alternate, median, printRatio } from './measure.ts';

const RUNS = 50;
const RATES = [100, 1_000, 10_000];
const SECONDS = 5;
const BATCH = 200;
const EVENTS = 100_000;
const IN_FLIGHT = 10;
const AT = '2026-11-24T10:00:00.000Z';

const root = mkdtempSync('/var/tmp/optio-codex-bench-');
let stores = 0;
const freshDirectory = () => mkdtempSync(join(root, `${stores++}-`));

function eventOf(text: string): RunEventBody {
  return { type: 'notice', level: 'info', message: text };
}

async function openJournals(store: Store, count: number): Promise<LiveJournal[]> {
  const journals: LiveJournal[] = [];
  for (let index = 0; index < count; index++) {
    const runId = `run-${index}`;
    await store.runs.add({ id: runId, taskId: 'bench' });
    journals.push(new LiveJournal({ store: store.journal, runId, claim: 0, lastSeq: 0 }));
  }
  return journals;
}

/** Milliseconds from `emit` to the reader of its run, of every event, sorted. */
async function latencies(rate: number): Promise<number[]> {
  await using store = await openSqliteStore(freshDirectory());
  const journals = await openJournals(store, RUNS);
  const seen: number[] = [];
  const readers = journals.map(async (journal) => {
    for await (const event of journal.events()) {
      if (event.type === 'notice') seen.push(performance.now() - Number(event.message));
    }
  });
  const total = rate * SECONDS;
  const start = performance.now();
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * rate));
    for (; sent < due; sent++) journals[sent % RUNS]?.emit(eventOf(String(performance.now())));
    await breathe();
  }
  await Promise.all(journals.map((journal) => journal.written()));
  for (const journal of journals) journal.close();
  await Promise.all(readers);
  return seen.sort((a, b) => a - b);
}

function bodyOf(index: number): RunEventBody {
  const delta = `some words of the text number ${index}, as many as a delta has`;
  return { type: 'item.delta', turnId: 'turn-1', itemId: 'item-1', part: 'text', delta };
}

/** Seconds for all events through the store. */
async function throughStore(): Promise<number> {
  await using store = await openSqliteStore(freshDirectory());
  await store.runs.add({ id: 'run', taskId: 'bench' });
  const start = performance.now();
  const written: Promise<void>[] = [];
  for (let first = 0; first < EVENTS; first += BATCH) {
    const events = Array.from(
      { length: BATCH },
      (_, index): RunEvent => ({ seq: first + index + 1, at: AT, ...bodyOf(first + index) }),
    );
    written.push(store.journal.append({ runId: 'run', claim: 0, events }));
    if (written.length === IN_FLIGHT) await Promise.all(written.splice(0));
  }
  await Promise.all(written);
  return (performance.now() - start) / 1000;
}

/** Seconds for all events with nothing but a prepared statement, so many of them in a transaction. */
async function plainInserts(size: number): Promise<number> {
  const database = new DatabaseSync(join(freshDirectory(), 'plain.db'));
  database.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal');
  database.exec(
    'create table journal (run_id text not null, seq integer not null, at text not null, body text not null, primary key (run_id, seq))',
  );
  const insert = database.prepare('insert into journal values (?, ?, ?, ?)');
  const start = performance.now();
  for (let first = 0; first < EVENTS; first += size) {
    database.exec('begin');
    for (let index = first; index < first + size; index++) {
      insert.run('run', index + 1, AT, JSON.stringify(bodyOf(index)));
    }
    database.exec('commit');
  }
  const seconds = (performance.now() - start) / 1000;
  database.close();
  return seconds;
}

try {
  for (const rate of RATES) {
    const sorted = await latencies(rate);
    const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
    const told = `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`;
    process.stdout.write(`append to reader at ${rate} events/s over ${RUNS} runs (${sorted.length} events): ${told}\n`);
  }
  const { store, plain, plainInLarge } = await alternate(7, {
    store: throughStore,
    plain: () => plainInserts(BATCH),
    plainInLarge: () => plainInserts(BATCH * IN_FLIGHT),
  });
  const perSecond = (seconds: number[]) => Math.round(EVENTS / median(seconds)).toLocaleString('en-US');
  process.stdout.write(
    `events/s: store ${perSecond(store)}, plain inserts ${perSecond(plain)}, ` +
      `in large transactions ${perSecond(plainInLarge)}\n`,
  );
  printRatio('journal', median(plain) / median(store));
  printRatio('journal-large-transactions', median(plainInLarge) / median(store));
} finally {
  rmSync(root, { recursive: true, force: true });
}
