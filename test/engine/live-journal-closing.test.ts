import { expect, it } from 'vitest';
import { LiveJournal } from '../../src/engine/live-journal.ts';
import { OptioError } from '../../src/errors.ts';
import { failureOf } from '../support/failure.ts';

it('a journal that is closed asks a store that takes nothing no more, and tells whoever waits for it', async () => {
  const asked = Promise.withResolvers<void>();
  const append = async () => {
    asked.resolve();
    throw new OptioError('store-full', 'no space');
  };
  const store = { append, read: async () => [] };
  const journal = new LiveJournal({ runId: 'run', claim: 1, lastSeq: 0, store });
  const saved = failureOf(journal.change({ change: { checkpoint: 'first' } }));
  await asked.promise;
  const written = failureOf(journal.written());
  journal.close();
  expect([(await saved).code, (await written).code]).toEqual(['claim-lost', 'claim-lost']);
});
