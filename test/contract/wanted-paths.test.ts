import { expect, it } from 'vitest';
import { wantedPaths } from '../../src/contract/wanted-paths.ts';

const PATHS = ['src/a.ts', 'src/b/c.ts', 'srcs', 'd'];

it.each([
  [[], PATHS],
  [['.'], PATHS],
  [['./'], PATHS],
  [['src'], ['src/a.ts', 'src/b/c.ts']],
  [
    ['././src//', 'd'],
    ['src/a.ts', 'src/b/c.ts', 'd'],
  ],
  [['sr'], []],
])('of what is named %j are wanted', (named, wanted) => {
  expect(PATHS.filter(wantedPaths(named))).toEqual(wanted);
});
