import { describe, expect, it } from 'vitest';
import { lineOfBash, splitLine } from '../../../src/cli/completion/shell-line.ts';

describe('splitLine', () => {
  it.each([
    ['', ['']],
    ['a  b', ['a', 'b']],
    ['a ', ['a', '']],
    ['a "b c" d', ['a', 'b c', 'd']],
    ["a 'b \\' c", ['a', 'b \\', 'c']],
    ['a b\\ c', ['a', 'b c']],
    ['a "b \\" c', ['a', 'b " c']],
    ['a ""', ['a', '']],
    ['a\\', ['a']],
  ])('takes %j apart', (line, words) => {
    expect(splitLine(line)).toEqual(words);
  });
});

describe('lineOfBash', () => {
  it.each([
    ['optio-codex se', 'se', { before: [], current: 'se', kept: '' }],
    ['optio-codex send ', '', { before: ['send'], current: '', kept: '' }],
    ['optio-codex send @la', '@la', { before: ['send'], current: '@la', kept: '' }],
    ['optio-codex ps --state=', '', { before: ['ps'], current: '--state=', kept: '--state=' }],
    ['optio-codex ps --state=ru', 'ru', { before: ['ps'], current: '--state=ru', kept: '--state=' }],
    ['optio-codex ps "a', '"a', { before: ['ps'], current: 'a', kept: '' }],
  ])('knows of %j what Bash will replace', (line, piece, expected) => {
    expect(lineOfBash(line, piece)).toEqual(expected);
  });
});
