import { describe, expect, it, vi } from 'vitest';
import type { WatchOptions } from '../../../src/contract/api.ts';
import type { RunHandle } from '../../../src/contract/run-handle.ts';
import type { RunUpdate } from '../../../src/contract/run-update.ts';
import { OptioError } from '../../../src/errors.ts';
import { Feed } from '../../../web/src/live/feed.ts';
import { reachOf } from '../../../web/src/live/reach.ts';
import { summaryOf } from '../../support/run-summary.ts';

const RUN = summaryOf({ id: 'run-1' });
const SNAPSHOT: RunUpdate = { type: 'snapshot', runs: [RUN], requests: [], isPartial: false };
const GONE = new OptioError('not-found', 'there is no run run-2');

/** A server that answers each time as it is told: with updates, then with an error or its end. The last answer does not end. */
function serverThat(...answers: readonly { readonly updates?: readonly RunUpdate[]; readonly error?: OptioError }[]) {
  const asked: WatchOptions['follow'][] = [];
  const pauses: number[] = [];
  async function* watch(_filter: unknown, { signal, follow }: WatchOptions = {}): AsyncGenerator<RunUpdate> {
    const answer = answers[asked.length];
    asked.push(follow);
    yield* answer?.updates ?? [];
    if (answer?.error) throw answer.error;
    if (asked.length < answers.length) return;
    await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
  }
  const feed = new Feed({ watch }, { wait: async (ms) => void pauses.push(ms) });
  return { feed, asked, pauses };
}

describe('the connection of the page', () => {
  it('is tried again after an error, later each time, and says what is wrong', async () => {
    const error = new OptioError('internal', 'the store cannot be read');
    const { feed, pauses, asked } = serverThat({ error }, { error }, { error }, { updates: [SNAPSHOT] });
    const told: (string | undefined)[] = [];
    const { set } = feed.problem;
    feed.problem.set = (value) => {
      told.push(value?.message);
      set.call(feed.problem, value);
    };
    feed.start();
    await vi.waitFor(() => expect(feed.status.value).toBe('live'));
    expect([asked.length, pauses]).toEqual([4, [500, 1_000, 2_000]]);
    expect(told).toEqual([error.message, error.message, error.message, undefined]);
    feed.stop();
  });

  it('is tried again soon where it had been there, and where the server ends it', async () => {
    const { feed, pauses } = serverThat({ updates: [SNAPSHOT] }, { updates: [SNAPSHOT] }, { updates: [SNAPSHOT] });
    feed.start();
    await vi.waitFor(() => expect(pauses).toEqual([500, 500]));
    feed.stop();
  });

  it('goes on with the list where the run that is open is not there', async () => {
    const { feed, asked, pauses } = serverThat({ error: GONE }, { updates: [SNAPSHOT] });
    feed.open('run-2');
    await vi.waitFor(() => expect(feed.list.value.runs.size).toBe(1));
    expect([feed.missing.value, feed.problem.value, pauses]).toEqual(['run-2', null, []]);
    expect(asked).toEqual([{ run: 'run-2', after: 0 }, undefined]);
    feed.stop();
  });

  it('looks for a run anew when it is opened once more', async () => {
    const { feed, asked } = serverThat({ error: GONE }, { updates: [SNAPSHOT] }, { updates: [SNAPSHOT] });
    feed.open('run-2');
    await vi.waitFor(() => expect(feed.missing.value).toBe('run-2'));
    feed.open('run-1');
    expect(feed.missing.value).toBe(null);
    await vi.waitFor(() => expect(asked.at(-1)).toEqual({ run: 'run-1', after: 0 }));
    feed.stop();
  });

  it('waits for somebody to log in where it is not let in', async () => {
    const { feed, asked, pauses } = serverThat({ error: new OptioError('unauthorized', 'who are you?') }, {});
    feed.start();
    await vi.waitFor(() => expect(feed.status.value).toBe('locked'));
    expect([asked.length, pauses]).toEqual([1, []]);
  });
});

describe('the journal of the run that is opened', () => {
  const events = [1, 2, 3].map((seq) => ({ seq, at: 'now', type: 'run.state', state: 'running' }) as const);
  const updates: RunUpdate[] = [SNAPSHOT, { type: 'events', run: 'run-1', events }];

  async function* watch(_filter: unknown, { signal }: WatchOptions = {}): AsyncGenerator<RunUpdate> {
    yield* updates;
    await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
  }

  it('is read from its beginning only once one sees its end', async () => {
    const feed = new Feed({ watch }, { readEnd: async () => events.slice(1) });
    const journal = feed.open('run-1');
    await vi.waitFor(() => expect([feed.list.value.runs.size, journal.end.value?.view.seq]).toEqual([1, 3]));
    expect([journal.view.seq, journal.isCaughtUp.value]).toEqual([0, false]);
    journal.endIsSeen.resolve();
    await vi.waitFor(() => expect([journal.view.seq, journal.isCaughtUp.value]).toEqual([3, true]));
    feed.stop();
  });

  it('is read at once where nobody tells its end', async () => {
    const find = async () => ({ details: async () => ({ lastSeq: 3 }) }) as RunHandle;
    const feed = new Feed({ watch, find }, { readEnd: async () => undefined });
    const journal = feed.open('run-1');
    await vi.waitFor(() => expect([journal.view.seq, journal.isCaughtUp.value]).toEqual([3, true]));
    expect(journal.end.value).toBe(null);
    feed.stop();
  });

  it('takes nothing in that was meant for the one before', async () => {
    const feed = new Feed({ watch }, { readEnd: async () => events.slice(1) });
    const before = feed.open('run-1');
    await vi.waitFor(() => expect(before.end.value?.view.seq).toBe(3));
    const next = feed.open('run-2');
    before.endIsSeen.resolve();
    await vi.waitFor(() => expect(next.end.value?.view.seq).toBe(3));
    expect([before.view.seq, next.view.seq]).toEqual([0, 0]);
    feed.stop();
  });
});

describe('how far back the list reaches', () => {
  const snapshot = (ends: readonly (string | null)[], isPartial: boolean) =>
    reachOf({ type: 'snapshot', runs: ends.map((endedAt) => summaryOf({ endedAt })), requests: [], isPartial });

  it('is not known of a list that has all', () => {
    expect(snapshot(['2026-11-22T10:00:00.000Z'], false)).toBe(null);
  });

  it('is just after the end of the last one, where another may have ended at the same instant', () => {
    expect(snapshot([null, '2026-11-22T10:00:05.000Z', '2026-11-22T10:00:00.000Z'], true)).toBe(
      '2026-11-22T10:00:00.001Z',
    );
  });

  it('is not before now where it has none that has ended', () => {
    expect(Date.parse(snapshot([null], true) ?? '')).toBeGreaterThan(Date.now());
  });
});
