import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, cutToColumns, WordWrap } from '../../../src/cli/terminal/word-wrap.ts';

function wrap(width: number, ...pieces: readonly string[]): string {
  const wrapper = new WordWrap(width);
  return pieces.map((piece) => wrapper.push(piece)).join('') + wrapper.flush();
}

/** Words, spaces and line breaks in any order, as a model would say them. */
const pieces = fc.array(
  fc.oneof(fc.constantFrom(' ', '  ', '    ', '\n', '\n\n'), fc.string({ unit: 'grapheme', maxLength: 12 })),
);
const narrow = pieces.filter((list) => [...list.join('')].every((character) => columnsOf(character) < 2));
const widths = fc.integer({ min: 1, max: 30 });
const withoutTrailingSpaces = (text: string) => text.replace(/ +(?=\n|$)/g, '');

describe('WordWrap', () => {
  it.each([
    ['leaves what fits as it is', 20, 'a few short words', 'a few short words'],
    ['breaks between words', 10, 'some words to break', 'some words\nto break'],
    ['uses the whole width', 5, 'ab cd ef', 'ab cd\nef'],
    ['leaves a word whole that is longer than a line', 4, 'a longword b', 'a\nlongword\nb'],
    ['begins anew after a line of the text', 10, 'one two\nthree four', 'one two\nthree four'],
    ['keeps spaces at the beginning of a line', 40, 'if:\n    indented  twice', 'if:\n    indented  twice'],
    ['leaves out spaces at the end of a line', 40, 'a  \nb ', 'a\nb'],
    ['indents less where the word would not fit', 6, '     word', '  word'],
    ['counts two columns for a wide character, and breaks between them', 6, '日本語の文', '日本語\nの文'],
    ['keeps empty lines', 10, 'a\n\n\nb', 'a\n\n\nb'],
  ])('%s', (_what, width, text, shown) => {
    expect(wrap(width, text)).toBe(shown);
  });

  it('holds a word back until it is whole', () => {
    const wrapper = new WordWrap(20);
    expect(['so', 'me wo', 'rds'].map((piece) => wrapper.push(piece))).toEqual(['', 'some', '']);
    expect(wrapper.flush()).toBe(' words');
    expect(wrapper.flush()).toBe('');
  });

  it('breaks the same wherever the pieces are cut', () => {
    fc.assert(
      fc.property(pieces, widths, (list, width) => {
        expect(wrap(width, ...list)).toBe(wrap(width, list.join('')));
      }),
    );
  });

  it('gives the text back where there is room without end', () => {
    fc.assert(
      fc.property(pieces, (list) => {
        expect(wrap(Number.POSITIVE_INFINITY, ...list)).toBe(withoutTrailingSpaces(list.join('')));
      }),
    );
  });

  it('only ever puts a line break in the place of spaces', () => {
    fc.assert(
      fc.property(narrow, widths, (list, width) => {
        const words = (text: string) => text.split(/[ \n]+/).filter((word) => word !== '');
        const [text, wrapped] = [list.join(''), wrap(width, ...list)];
        expect(words(wrapped)).toEqual(words(text));
        expect(wrapped.split('\n').length).toBeGreaterThanOrEqual(text.split('\n').length);
      }),
    );
  });

  it('makes no line longer than the width, unless a single word is', () => {
    fc.assert(
      fc.property(pieces, widths, (list, width) => {
        for (const line of wrap(width, ...list).split('\n')) {
          if (columnsOf(line) > width) expect(line).not.toContain(' ');
        }
      }),
    );
  });
});

describe('columnsOf', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['✅', 2],
  ])('of %j is %d', (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });
});

describe('cutToColumns', () => {
  it.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['any', 0, ''],
  ])('makes of %j in %d columns: %j', (text, columns, cut) => {
    expect(cutToColumns(text, columns)).toBe(cut);
  });
});
