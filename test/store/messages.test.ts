import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { RunEventBody } from '../../src/contract/event.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { notice, numbered } from '../support/stored-run.ts';

let store: Store;

beforeEach(async () => {
  store = await openSqliteStore(testDirectory());
  onTestFinished(() => store.close());
  await store.runs.add({ id: 'a', taskId: 'nightly' });
});

const sent = (messageId: string, text: string): RunEventBody => {
  return { type: 'message.sent', messageId, text, images: [], steer: false };
};

describe('messages', () => {
  it('are found by their ids, each in its own run, as the journal tells of them', async () => {
    await store.runs.add({ id: 'b', taskId: 'nightly' });
    const events = numbered([notice('before'), sent('__proto__', 'Hi'), sent('m', 'there')]);
    await store.journal.append({ runId: 'a', claim: 0, events });
    expect(await store.messages.find('a', '__proto__')).toEqual(events[1]);
    expect(await store.messages.find('a', 'm')).toEqual(events[2]);
    expect(await store.messages.find('b', 'm')).toBeUndefined();
    expect(await store.messages.find('a', 'n')).toBeUndefined();
  });

  it('are those that were sent last under their id', async () => {
    await store.journal.append({ runId: 'a', claim: 0, events: numbered([sent('m', 'Hi')]) });
    await store.journal.append({ runId: 'a', claim: 0, events: numbered([sent('m', 'Hi again')], 1) });
    expect(await store.messages.find('a', 'm')).toMatchObject({ seq: 2, text: 'Hi again' });
  });

  it('are none whose event was not written', async () => {
    const claim = 7;
    const append = store.journal.append({ runId: 'a', claim, events: numbered([sent('m', 'Hi')]) });
    expect((await failureOf(append)).code).toBe('claim-lost');
    expect(await store.messages.find('a', 'm')).toBeUndefined();
  });
});
