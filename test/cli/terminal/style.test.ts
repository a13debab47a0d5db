import { describe, expect, it } from 'vitest';
import { styleFor } from '../../../src/cli/terminal/style.ts';

const RED = '\u001b[31mx\u001b[39m';

describe('styleFor', () => {
  it.each<[string, boolean, NodeJS.ProcessEnv, boolean]>([
    ['a terminal', true, {}, true],
    ['a file', false, {}, false],
    ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['a terminal that is dumb', true, { TERM: 'dumb' }, false],
    ['a file with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['a terminal with FORCE_COLOR and NO_COLOR', true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    ['a terminal with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
  ])('colours %s: %s %o %s', (_what, isTTY, env, isColoured) => {
    const style = styleFor({ isTTY }, env);
    expect(style.isColoured).toBe(isColoured);
    expect(style.bad('x')).toBe(isColoured ? RED : 'x');
  });

  it('makes nothing of nothing', () => {
    expect(styleFor({ isTTY: true }, {}).strong('')).toBe('');
  });
});
