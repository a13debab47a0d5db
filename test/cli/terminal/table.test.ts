import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { styleFor } from '../../../src/cli/terminal/style.ts';
import { type Column, tableLines } from '../../../src/cli/terminal/table.ts';
import { columnsOf } from '../../../src/cli/terminal/word-wrap.ts';

interface Fruit {
  readonly name: string;
  readonly colour: string;
  readonly count: number;
}

const FRUITS: readonly Fruit[] = [
  { name: 'a long red apple', colour: 'red', count: 7 },
  { name: 'plum', colour: 'blue', count: 1200 },
];
const COLUMNS: readonly Column<Fruit>[] = [
  { title: 'NAME', cell: ({ name }) => name, matters: 3, least: 6 },
  { title: 'COLOUR', cell: ({ colour }) => colour, matters: 1 },
  { title: 'COUNT', cell: ({ count }) => String(count), isRight: true, matters: 2 },
];
const style = styleFor({ isTTY: false }, {});
const lines = (width: number, rows = FRUITS, columns = COLUMNS) => tableLines(rows, columns, { width, style });

describe('tableLines', () => {
  it('puts texts on the left and numbers on the right, and leaves no spaces at the end', () => {
    expect(lines(Number.POSITIVE_INFINITY)).toEqual([
      'NAME              COLOUR  COUNT',
      'a long red apple  red         7',
      'plum              blue     1200',
    ]);
  });

  it('cuts what may be cut before it leaves anything out', () => {
    expect(lines(25)).toEqual(['NAME        COLOUR  COUNT', 'a long re…  red         7', 'plum        blue     1200']);
  });

  it.each([
    [20, ['NAME           COUNT', 'a long red a…      7', 'plum            1200']],
    [12, ['NAME', 'a long red …', 'plum']],
    [3, ['NA…', 'a …', 'pl…']],
  ])('leaves out what matters least in %d columns, and gives its room to the rest', (width, expected) => {
    expect(lines(width)).toEqual(expected);
  });

  it('leaves out first what is blank, where there is no room for all', () => {
    const rows = FRUITS.map((fruit) => ({ ...fruit, colour: '' }));
    expect(lines(31, rows)[0]).toBe('NAME              COLOUR  COUNT');
    expect(lines(30, rows)).toEqual(['NAME              COUNT', 'a long red apple      7', 'plum               1200']);
  });

  it('counts the columns of wide characters, and breaks no pair', () => {
    const rows = [{ name: '漢字漢字漢字漢字', colour: '🎉', count: 1 }];
    expect(lines(12, rows, COLUMNS.slice(0, 2))).toEqual(['NAME', '漢字漢字漢…']);
  });

  it('makes safe what comes from outside, and keeps each row on its line', () => {
    const rows = [{ name: '\u001b[31mred\u001b[0m\nnext', colour: '\u202eblue', count: 1 }];
    expect(lines(Number.POSITIVE_INFINITY, rows)[1]).toBe('red next  \\u202eblue      1');
  });

  it('is never wider than the terminal, whatever stands in it', () => {
    const row = fc.record({ name: fc.string({ unit: 'grapheme' }), colour: fc.string(), count: fc.nat() });
    fc.assert(
      fc.property(fc.array(row), fc.integer({ min: 1, max: 60 }), (rows, width) =>
        lines(width, rows).every((line) => columnsOf(line) <= width),
      ),
    );
  });
});
