import { describe, expect, it } from 'vitest';
import { segmentsOf } from '../../../web/src/run/transcript/output/ansi.ts';
import { bytesLost, partsOf } from '../../../web/src/run/transcript/output/kept.ts';
import { tailOf } from '../../../web/src/run/transcript/output/tail.ts';

const ESC = '\x1b';
const textOf = (output: string) =>
  segmentsOf(output)
    .map(({ text }) => text)
    .join('');

describe('what a command has written', () => {
  it('is shown in its colours', () => {
    const output = `plain ${ESC}[1;31mred${ESC}[0m ${ESC}[38;5;208mcube${ESC}[38;5;244mgrey${ESC}[38;2;1;2;3mtrue${ESC}[0m`;
    expect(segmentsOf(output)).toMatchObject([
      { text: 'plain ', color: null, isBold: false },
      { text: 'red', color: 'red', isBold: true },
      { text: ' ', color: null },
      { text: 'cube', color: '255, 135, 0' },
      { text: 'grey', color: '128, 128, 128' },
      { text: 'true', color: '1, 2, 3' },
    ]);
  });

  it.each([
    ['moves of the cursor', `a${ESC}[2K${ESC}[1Gb${ESC}[?25lc`, 'abc'],
    ['titles and links', `${ESC}]0;title\x07a${ESC}]8;;http://x${ESC}\\b${ESC}]8;;${ESC}\\`, 'ab'],
    ['character sets and modes', `${ESC}(B${ESC}=a${ESC}>`, 'a'],
    ['bells and other signs', 'a\x07\x00b\x7f', 'ab'],
    ['a sequence that is cut off', `a${ESC}[3`, 'a'],
    ['HTML, which stays text', '<b>&amp;</b>', '<b>&amp;</b>'],
  ])('is shown without %s', (_, output, text) => {
    expect(textOf(output)).toBe(text);
  });

  it('is, where a line was drawn over itself, what was drawn last', () => {
    expect(textOf('10 %\r50 %\r100 %\ndone\r\n')).toBe('100 %\ndone\n');
  });
});

describe('the end of an output', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}`).join('\n');

  it('is so many lines, and says how many are before', () => {
    expect(tailOf(`${lines(10)}\n`, 3)).toEqual({ text: 'line 8\nline 9\nline 10', hidden: 7 });
  });

  it('is all of it where that is less', () => {
    expect(tailOf(lines(3), 3)).toEqual({ text: lines(3), hidden: 0 });
    expect(tailOf(lines(2), 3)).toEqual({ text: lines(2), hidden: 0 });
    expect(tailOf('', 3)).toEqual({ text: '', hidden: 0 });
  });

  it('is bounded also where there are no line ends', () => {
    expect(tailOf('x'.repeat(1_000), 3, 100)).toEqual({ text: 'x'.repeat(100), hidden: 1 });
  });
});

describe('a long output', () => {
  const many = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `${from + at}`).join('\n');

  it('says how much of its middle Codex has not kept, and counts the lines that it has', () => {
    const output = `${many(100_000, 140_000)}\n... 240319 bytes omitted ...\n${many(160_000, 200_000)}\n`;
    expect(bytesLost(output)).toBe(240_319);
    expect(tailOf(output, 10)).toMatchObject({ hidden: 80_000 - 10 });
  });

  it('may say that something was omitted without being cut', () => {
    expect(bytesLost('a\n... 12 bytes omitted ...\nb')).toBe(0);
    expect(bytesLost(many(0, 100_000))).toBe(0);
  });

  it('is drawn in parts that are all of it', () => {
    expect(partsOf('1\n2\n3\n4\n5\n', 2)).toEqual(['1\n2', '3\n4', '5']);
  });
});
