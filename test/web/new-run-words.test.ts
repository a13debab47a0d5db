import { describe, expect, it } from 'vitest';
import { type Draft, EMPTY_DRAFT } from '../../web/src/new-run/draft.ts';
import { countChanged, sentenceOf } from '../../web/src/new-run/sentence.ts';

const PLAIN: Draft = { ...EMPTY_DRAFT, prompt: 'Mend the tests' };

describe('what will hold, in words', () => {
  it('says it of a plain run', () => {
    expect(sentenceOf(PLAIN)).toBe(
      'Codex works in a new directory with the default model. Its commands write to the workspace only and have no network. It asks you where it needs more. The run stays open for more messages until you finish it.',
    );
  });

  it('says by which login it works', () => {
    expect(sentenceOf({ ...PLAIN, login: 'seed', seed: 'work' })).toContain('default model, by the login work.');
    expect(sentenceOf({ ...PLAIN, login: 'pool' })).toContain('any login of the pool that you still have to name.');
  });

  it('says what full access means', () => {
    const sentence = sentenceOf({
      ...PLAIN,
      sandbox: 'danger-full-access',
      approvals: 'never',
      end: 'firstTurn',
      turns: '1',
    });
    expect(sentence).toContain('Nothing confines its commands');
    expect(sentence).toContain('It asks nobody.');
    expect(sentence).toContain('ends with its first turn, and pauses after 1 turn.');
    expect(sentence).not.toContain('network');
  });

  it('counts what is folded away and is not as usual', () => {
    const nightly = { ...PLAIN, begin: 'repeatedly', end: 'firstTurn' } as const;
    expect(countChanged(nightly, ['end']), 'nobody has chosen this').toBe(0);
    expect(countChanged({ ...nightly, end: 'told' }, ['end'])).toBe(1);
    expect(countChanged({ ...PLAIN, turns: '3', end: 'firstTurn' }, ['turns', 'end', 'name'])).toBe(2);
  });
});
