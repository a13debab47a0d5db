import { expect, it, onTestFinished } from 'vitest';
import { ScriptedModel } from '../../src/testing/index.ts';
import { killLoop, lineOf } from '../support/kill-loop.ts';

const KILLS = 200;
/** Two at a time is what two cores carry. */
const LANES = 2;
/** About as many writes as the journal of an undisturbed run takes. */
const WRITES = 27;

/** How many of the runs that went wrong are told at length. */
const MAX_STORIES = 3;

it('ends every run as if nothing had happened, whenever its workers are killed', { timeout: 600_000 }, async () => {
  const model = await ScriptedModel.start();
  onTestFinished(() => model.close());
  // The same numbers again: KILL_LOOP_SEED=…
  const seed = Number(process.env.KILL_LOOP_SEED ?? Date.now() % 2 ** 31);
  const tally = await killLoop({ modelUrl: model.url, kills: KILLS, lanes: LANES, writes: WRITES, seed });
  console.log(lineOf(tally));
  const { kills: _, stories, ...wrong } = tally;
  const why = [`KILL_LOOP_SEED=${seed}`, ...stories.slice(0, MAX_STORIES)].join('\n\n');
  expect(wrong, why).toEqual({ lost: 0, duplicates: 0, orphans: 0, falseEnds: 0 });
});
