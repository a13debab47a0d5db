import { expect, it } from 'vitest';
import { Tally } from '../../src/engine/tally.ts';

const run = { taskId: 'nightly', host: 'local' };

it.each(['constructor', 'toString', '__proto__'])('limits only runs that have the tag, also one called %s', (tag) => {
  const byTag = Object.fromEntries([[tag, 0]]);
  const tally = new Tally([]);
  expect(tally.hasRoom({ ...run, metadata: {} }, { byTag })).toBe(true);
  expect(tally.hasRoom({ ...run, metadata: Object.fromEntries([[tag, 'x']]) }, { byTag })).toBe(false);
});
