import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Blocks } from '../../../web/src/run/transcript/markdown/blocks.ts';

/** The blocks of a text that comes in pieces of so many characters. */
function grown(text: string, step: number): readonly string[] {
  const blocks = new Blocks();
  let last: readonly string[] = [];
  for (let end = step; end < text.length + step; end += step) last = blocks.of(text.slice(0, end), false);
  return last;
}

const whole = (text: string) => new Blocks().of(text, true);

const TEXT =
  '# Title\n\nA paragraph\nof two lines.\n\n- one\n- two\n\n  still two\n- three\n\n```sh\nls\n\npwd\n```\n\n|a|b|\n|-|-|\n|1|2|\n\nThe end.';

describe('the blocks of a text', () => {
  it('are its paragraphs, lists, tables and code', () => {
    expect(whole(TEXT).map((raw) => raw.split('\n', 1)[0])).toEqual([
      '# Title',
      'A paragraph',
      '- one',
      '```sh',
      '|a|b|',
      'The end.',
    ]);
  });

  it.each([1, 2, 3, 7, 50])('are the same when it has come in pieces of %i characters', (step) => {
    expect(grown(TEXT, step)).toEqual(whole(TEXT));
  });

  it('take in what only then turns out to belong to them', () => {
    expect(grown('1. one\n\n2. two', 1)).toEqual(['1. one\n\n2. two']);
  });

  it('hold all of the text, whatever it is and however it comes', () => {
    const line = fc.constantFrom(
      '',
      'a',
      '- b',
      '1. c',
      '```',
      '    d',
      '> e',
      '|f|g|',
      '|-|-|',
      '# h',
      '<p>',
      '---',
      'x  ',
      '\t- i',
      '  - j',
    );
    const ink = (text: string) => text.replace(/\s/g, '');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (lines, step) => {
        const text = lines.join('\n');
        expect(ink(whole(text).join(''))).toBe(ink(text));
        expect(ink(grown(text, step).join(''))).toBe(ink(text));
      }),
    );
  });

  it('stay as they were while more text comes, but for the last two', () => {
    const blocks = new Blocks();
    const before = blocks.of(TEXT, false);
    const after = blocks.of(`${TEXT} And more.\n\nMuch more.`, false);
    expect(after.slice(0, before.length - 2)).toEqual(before.slice(0, -2));
  });

  it('begin anew with another text', () => {
    const blocks = new Blocks();
    blocks.of('One\n\ntwo\n\nthree\n\nfour', false);
    expect(blocks.of('Another', false)).toEqual(['Another']);
  });

  it.each([
    ['a paragraph', 'word '.repeat(20_000)],
    ['a paragraph without spaces', 'x'.repeat(100_000)],
    ['a list', '- an item of a list\n'.repeat(5_000)],
  ])('are short, also of %s that is very long', (_, text) => {
    expect(Math.max(...whole(text).map(({ length }) => length))).toBeLessThanOrEqual(8_000);
    expect(whole(text).join('')).toBe(text);
    expect(grown(text, 9_973).join('')).toBe(text);
  });

  it('begin with a fence each where code was cut, and with its head where a table was', () => {
    const code = `\`\`\`sh\n${'echo "a line"\n'.repeat(2_000)}\`\`\`\n`;
    const pieces = whole(code);
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.every((piece) => piece.startsWith('```sh\n'))).toBe(true);
    expect(grown(code, 4_999)).toEqual(pieces);
    const table = whole(`|a|b|\n|-|-|\n${'|1|2|\n'.repeat(3_000)}`);
    expect(table.every((piece) => piece.startsWith('|a|b|\n|-|-|\n'))).toBe(true);
  });
});
