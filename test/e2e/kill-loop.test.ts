import { expect, it, onTestFinished } from 'vitest';
import { ScriptedModel } from '../../src/testing/index.ts';
import { killLoop, linesOf, reached, WAYS } from '../support/kill-loop.ts';

const KILLS = 200;
/** Two at a time is what two cores carry. */
const LANES = 2;
/** How many of the runs that went wrong are told at length. */
const MAX_STORIES = 3;

it('ends every run as if nothing had happened, whenever its workers are killed', { timeout: 1_500_000 }, async () => {
  const model = await ScriptedModel.start();
  onTestFinished(() => model.close());
  // The same numbers again: KILL_LOOP_SEED=…
  const seed = Number(process.env.KILL_LOOP_SEED ?? Date.now() % 2 ** 31);
  const tally = await killLoop({ modelUrl: model.url, kills: KILLS, lanes: LANES, seed });
  console.log(linesOf(tally));
  const { kills, writes, moments, seconds: _, stories, ...wrong } = tally;
  const why = [`KILL_LOOP_SEED=${seed}`, ...stories.slice(0, MAX_STORIES)].join('\n\n');
  expect(wrong, why).toEqual({ lost: 0, duplicates: 0, orphans: 0, falseEnds: 0 });
  expect(kills).toBeGreaterThanOrEqual(KILLS);
  // A run that is disturbed writes a little more or less than another, so the very last writes may not come.
  for (const when of WAYS) {
    expect(reached(tally, when), `writes at which somebody died ${when}`).toBeGreaterThanOrEqual(writes * 0.8);
  }
  expect(moments, 'some die at no write at all').toContain('at any time');
});
