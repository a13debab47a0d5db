import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  count,
  duration,
  jsonLine,
  oneLine,
  printable,
  printableName,
  shortPath,
} from '../../../src/cli/terminal/text.ts';

const DANGEROUS = /[^\P{Cc}\n\t]|\p{Bidi_Control}/u;

describe('printable', () => {
  it.each([
    ['keeps lines and tabs', 'a\n\tb', 'a\n\tb'],
    ['keeps letters of every kind', 'ä€𝄞 漢字 👩‍👩‍👧', 'ä€𝄞 漢字 👩‍👩‍👧'],
    ['takes colours away', '\u001b[31mred\u001b[0m', 'red'],
    ['takes movements of the cursor away', 'a\u001b[2A\u001b[2K\u001b[Hb', 'ab'],
    ['takes a new title of the window away', '\u001b]0;evil\u0007text', 'text'],
    ['takes what would set the clipboard away', '\u001b]52;c;ZXZpbA==\u0007text', 'text'],
    ['takes a hyperlink away, and keeps its words', '\u001b]8;;http://evil\u0007here\u001b]8;;\u0007', 'here'],
    ['takes sequences of one character (C1) away', '\u009b31mred', 'red'],
    ['takes single control characters away', 'a\u0000\u0007\b\u007f\u0085\u009cb', 'ab'],
    ['makes lines of carriage returns', '10%\r20%\r\ndone', '10%\n20%\ndone'],
    ['shows what would turn the reading order around', 'a\u202egpj.exe\u2066b', 'a\\u202egpj.exe\\u2066b'],
  ])('%s', (_what, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('lets nothing dangerous through, whatever it is made of', () => {
    const piece = fc.oneof(
      fc.constantFrom('\u001b', '[', ']', '52;c;', '31m', '\u0007', '\u009b', '\r', '\u202e', '\u001b[', '\u001bP'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(fc.property(fc.array(piece), (pieces) => !DANGEROUS.test(printable(pieces.join('')))));
  });

  it.each(['\u001b[31mred\u001b[0m', '\u001b]52;c;ZXZpbA==\u0007', '\u009b2Ja', '\u001bPq#0\u001b\\', 'a\r\nb'])(
    'lets nothing dangerous through when %j comes in two pieces',
    (text) => {
      for (let at = 0; at <= text.length; at++) {
        expect(printable(text.slice(0, at)) + printable(text.slice(at))).not.toMatch(DANGEROUS);
      }
    },
  );
});

describe('oneLine', () => {
  it('puts a text on one line', () => {
    expect(oneLine('  a\n\n\tb   c\r\n', 80)).toBe('a b c');
  });

  it('cuts it to a width', () => {
    expect(oneLine('abcdef', 6)).toBe('abcdef');
    expect(oneLine('abcdefg', 6)).toBe('abcde…');
  });

  it('makes it printable', () => {
    expect(oneLine('\u001b[31mred', 80)).toBe('red');
  });
});

describe('printableName', () => {
  it('stays on one line, and stays what it is', () => {
    expect(printableName('a  b\n\u001b[31mc\td')).toBe('a  b\\nc\\td');
  });
});

describe('jsonLine', () => {
  it('is safe to print, and means the same, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = jsonLine({ text });
        expect(line).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
        expect(JSON.parse(line)).toEqual({ text });
      }),
    );
  });
});

describe('duration', () => {
  it.each([
    [0, '0.0 s'],
    [440, '0.4 s'],
    [9_940, '9.9 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min 00 s'],
    [65_000, '1 min 05 s'],
    [119_700, '2 min 00 s'],
    [3_599_400, '59 min 59 s'],
    [3_600_000, '1 h'],
    [3_725_000, '1 h 02 min'],
    [47.5 * 3_600_000, '47 h 30 min'],
    [52 * 3_600_000, '2 d 4 h'],
    [72 * 3_600_000, '3 d'],
  ])('shows %d ms as %s', (ms, shown) => {
    expect(duration(ms)).toBe(shown);
  });
});

describe('count', () => {
  it('groups digits', () => {
    expect(count(1_234_567)).toBe('1,234,567');
  });
});

describe('shortPath', () => {
  it.each([
    ['/home/ada/work', '~/work'],
    ['/home/ada', '/home/ada'],
    ['/home/ada-2/work', '/home/ada-2/work'],
    ['/repo', '/repo'],
  ])('shows %s as %s', (path, shown) => {
    expect(shortPath(path, '/home/ada')).toBe(shown);
  });

  it('leaves a path as it is when there is no home', () => {
    expect(shortPath('/repo', '')).toBe('/repo');
  });
});
