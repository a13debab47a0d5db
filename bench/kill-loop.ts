// The long kill loop: workers of real runs die at each write of their journal and at random, and each run has to end as if
// nothing had happened. The test of that name does the same for a shorter time. A kill takes some seconds.
//   node bench/kill-loop.ts [kills] [seed], or KILL_LOOP_KILLS=… KILL_LOOP_SEED=…
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { killLoop, lineOf } from '../test/support/kill-loop.ts';
import { startModel } from './model.ts';

const [, , kills = process.env.KILL_LOOP_KILLS ?? 2_000, seed = process.env.KILL_LOOP_SEED ?? Date.now() % 2 ** 31] =
  process.argv;
/** Two at a time is what two cores carry. */
const LANES = 2;
/** More than the journal of an undisturbed run takes: what comes after the last one is a run without a death. */
const WRITES = 40;

const directory = mkdtempSync('/var/tmp/optio-codex-bench-');
const model = await startModel();
try {
  process.stdout.write(`${kills} kills, KILL_LOOP_SEED=${seed}\n`);
  const options = { kills: Number(kills), seed: Number(seed), lanes: LANES, writes: WRITES };
  const tally = await killLoop({ modelUrl: model.url, directory, ...options });
  const left = readdirSync(directory);
  if (left.length === 0) rmSync(directory, { recursive: true });
  else process.stdout.write(`what is left of runs that went wrong: ${directory}\n`);
  process.stdout.write(`${lineOf(tally)}\n`);
} finally {
  await model.close();
}
