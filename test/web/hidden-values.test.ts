import { expect, test } from 'vitest';
import type { TaskDefinition } from '../../src/contract/task-definition.ts';
import { EMPTY_DRAFT } from '../../web/src/new-run/draft.ts';
import { draftOfRun } from '../../web/src/new-run/draft-of-run.ts';
import { optionsOf, specOf } from '../../web/src/new-run/spec-of-draft.ts';
import { detailsOf } from '../support/run-summary.ts';

const spec = specOf({ ...EMPTY_DRAFT, prompt: 'Mend the tests' });
const run = (definition: Partial<TaskDefinition>) => detailsOf({ definition });

test('a run that is launched again, changed, gets no variable whose value nobody is shown, and says so', () => {
  const { draft, notes } = draftOfRun(run({ config: { ...spec, env: { KEY: '(hidden)', PLAIN: '1' } } }));
  expect(draft.env).toBe('PLAIN=1');
  expect(specOf(draft).env).toEqual({ PLAIN: '1' });
  expect(notes).toEqual([expect.stringContaining('The value of KEY is shown to nobody')]);
});

test('it calls no webhook whose address nobody is shown', () => {
  const requests = { webhook: { url: 'https://example.com/(hidden)' }, expireAfterMs: 5 };
  const { draft, notes } = draftOfRun(run({ config: spec, requests }));
  expect(optionsOf(draft).requests).toEqual({ expireAfterMs: 5 });
  expect(notes).toEqual([expect.stringContaining('webhook')]);
  const only = draftOfRun(run({ config: spec, requests: { webhook: requests.webhook } }));
  expect(optionsOf(only.draft)).not.toHaveProperty('requests');
  const known = { webhook: { url: 'https://example.com/' } };
  expect(optionsOf(draftOfRun(run({ config: spec, requests: known })).draft).requests).toEqual(known);
});
