import { expect, it } from 'vitest';
import { taskDefinitionSchema } from '../../src/contract/task-definition.ts';
import { type Draft, EMPTY_DRAFT } from '../../web/src/new-run/draft.ts';
import { problemsOf } from '../../web/src/new-run/problems.ts';
import { sentenceOf } from '../../web/src/new-run/sentence.ts';
import { optionsOf } from '../../web/src/new-run/spec-of-draft.ts';
import { taskOf } from '../../web/src/new-run/task-of-draft.ts';

const NOW = Date.parse('2026-03-02T06:00');
const LATER: Draft = { ...EMPTY_DRAFT, prompt: 'Mend the tests', begin: 'later', beginAt: '2026-03-02T06:30' };
const NIGHTLY: Draft = { ...EMPTY_DRAFT, prompt: 'Mend the tests!', begin: 'repeatedly', cron: ' 0 6 * * 1-5 ' };

it('begins at a time that is still to come', () => {
  expect(problemsOf(LATER, NOW)).toEqual({});
  expect(optionsOf(LATER)).toEqual({ notBefore: new Date('2026-03-02T06:30') });
  expect(sentenceOf(LATER)).toMatch(/^From 2026-03-02 06:30 on Codex works in a new directory/);
  for (const beginAt of ['', '2026-03-02T05:59', 'soon'])
    expect(Object.keys(problemsOf({ ...LATER, beginAt }, NOW))).toEqual(['beginAt']);
});

it('becomes a task where it has a schedule, and takes the place of none', () => {
  const task = taskOf({ ...NIGHTLY, tokens: '1000', tags: 'team=red' }, new Set());
  expect(taskDefinitionSchema.parse(task)).toMatchObject({
    id: 'mend-the-tests',
    name: 'Mend the tests!',
    schedule: '0 6 * * 1-5',
    metadata: { team: 'red' },
    budget: { tokens: 1000 },
    config: { instructions: 'Mend the tests!' },
  });
  expect(taskOf(NIGHTLY, new Set(['mend-the-tests', 'mend-the-tests-2'])).id).toBe('mend-the-tests-3');
  expect(taskOf({ ...NIGHTLY, prompt: 'テストを直す' }, new Set()).id).toBe('task');
  expect(sentenceOf(NIGHTLY)).toMatch(/^On working days at 06:00 Codex works/);
});

it('says that a schedule is missing', () => {
  expect(problemsOf(NIGHTLY)).toEqual({});
  expect(Object.keys(problemsOf({ ...NIGHTLY, cron: ' ' }))).toEqual(['cron']);
});
