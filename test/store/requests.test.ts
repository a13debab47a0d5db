import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import type { Answer, Request } from '../../src/contract/request.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';
import { numbered } from '../support/stored-run.ts';

let store: Store;

beforeEach(async () => {
  store = await openSqliteStore(testDirectory());
  onTestFinished(() => store.close());
  await store.runs.add({ id: 'a', taskId: 'nightly' });
});

const request: Request = {
  kind: 'command',
  id: 'q-1',
  threadId: 't',
  turnId: null,
  itemId: null,
  sandboxed: 'no',
  command: 'ls',
  cwd: '/repo',
};
const allow: Answer = { kind: 'decision', behavior: 'allow' };
const deny: Answer = { kind: 'decision', behavior: 'deny' };

const onItsOwnDay = (event: RunEvent): RunEvent => ({ ...event, at: `2026-01-0${event.seq}T00:00:00.000Z` });

describe('requests', () => {
  it('are open from the moment at which the journal tells of them, once', async () => {
    const events = numbered([
      { type: 'request.opened', request },
      { type: 'request.opened', request },
    ]);
    await store.journal.append({ runId: 'a', claim: 0, events });
    const open = await store.requests.open();
    expect(open).toMatchObject([{ runId: 'a', request, state: 'open', answer: null, by: null }]);
    expect(await store.requests.open('a')).toEqual(open);
    expect(await store.requests.open('b')).toEqual([]);
  });

  it('are answered once when two answer at the same moment', async () => {
    await store.journal.append({ runId: 'a', claim: 0, events: numbered([{ type: 'request.opened', request }]) });
    const given = await Promise.all([
      store.requests.answer('a', 'q-1', { answer: allow, by: 'ada' }),
      store.requests.answer('a', 'q-1', { answer: deny, by: 'bob' }),
    ]);
    expect(given).toEqual([true, false]);
    expect(await store.requests.find('a', 'q-1')).toMatchObject({ state: 'answered', answer: allow, by: 'ada' });
    expect(await store.requests.open()).toEqual([]);
  });

  it('keep the answer that was written down when the journal tells another', async () => {
    await store.journal.append({ runId: 'a', claim: 0, events: numbered([{ type: 'request.opened', request }]) });
    await store.requests.answer('a', 'q-1', { answer: allow, by: 'ada' });
    const late = numbered([{ type: 'request.answered', requestId: 'q-1', answer: deny, by: 'bob' }], 1);
    await store.journal.append({ runId: 'a', claim: 0, events: late });
    expect(await store.requests.find('a', 'q-1')).toMatchObject({ answer: allow, by: 'ada' });
  });

  it('are closed when the journal says so, and cannot be answered then', async () => {
    const events = numbered([
      { type: 'request.opened', request },
      { type: 'request.closed', requestId: 'q-1', reason: 'resolvedElsewhere' },
    ]);
    await store.journal.append({ runId: 'a', claim: 0, events });
    expect(await store.requests.answer('a', 'q-1', { answer: allow, by: 'ada' })).toBe(false);
    expect(await store.requests.find('a', 'q-1')).toMatchObject({ state: 'closed', answer: null });
  });

  it('are open again when the journal says so after they were closed', async () => {
    const events = numbered([
      { type: 'request.opened', request },
      { type: 'request.closed', requestId: 'q-1', reason: 'sessionEnded' },
      { type: 'request.opened', request },
    ]);
    await store.journal.append({ runId: 'a', claim: 0, events: events.map(onItsOwnDay) });
    expect(await store.requests.find('a', 'q-1')).toMatchObject({ openedAt: '2026-01-03T00:00:00.000Z' });
    expect(await store.requests.answer('a', 'q-1', { answer: allow, by: 'ada' })).toBe(true);
  });
});
