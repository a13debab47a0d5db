import { describe, expect, it } from 'vitest';
import { quickName } from '../../src/contract/quick-name.ts';

describe('quickName', () => {
  it.each([
    ['what is short, as it is', 'Fix the tests', 'Fix the tests'],
    ['lines, in one', '\n  Fix\n\n the\ttests\0\n', 'Fix the tests'],
    [
      'what is long, cut between words',
      'Look into the failing tests of the parser and then into the documentation',
      'Look into the failing tests of the parser and then into the…',
    ],
    [
      'a stop before the cut left out',
      `Look at the tests of the parser, ${'x'.repeat(40)}`,
      'Look at the tests of the parser…',
    ],
    ['what has no spaces, cut between characters', '漢'.repeat(70), `${'漢'.repeat(59)}…`],
    ['a pair of which half would stay', `${'x'.repeat(58)}😀😀`, `${'x'.repeat(58)}…`],
    ['nothing', '', ''],
  ])('makes a name of %s', (_what, instructions, name) => {
    expect(quickName(instructions)).toBe(name);
  });
});
