// The long kill loop: workers of real runs die at each write of their journal and at random, and each run has to end as if
// nothing had happened. The test of that name does the same for a shorter time. A kill takes some seconds.
//   node bench/kill-loop.ts [kills] [seed], or KILL_LOOP_KILLS=… KILL_LOOP_SEED=…
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { killLoop, linesOf } from '../test/support/kill-loop.ts';
import { startModel } from './model.ts';

const [, , kills = process.env.KILL_LOOP_KILLS ?? 2_000, seed = process.env.KILL_LOOP_SEED ?? Date.now() % 2 ** 31] =
  process.argv;
/** Two at a time is what two cores carry. */
const LANES = 2;

const root = mkdtempSync('/var/tmp/optio-codex-bench-');
const directory = join(root, 'runs');
mkdirSync(directory);
process.env.NODE_COMPILE_CACHE = join(root, 'compiled'); // the start of a worker is most of what a kill costs
const model = await startModel();
try {
  process.stdout.write(`${kills} kills, KILL_LOOP_SEED=${seed}\n`);
  const options = { kills: Number(kills), seed: Number(seed), lanes: LANES };
  const tally = await killLoop({ modelUrl: model.url, directory, ...options });
  const left = readdirSync(directory);
  if (left.length === 0) rmSync(root, { recursive: true });
  else process.stdout.write(`what is left of runs that went wrong: ${directory}\n`);
  process.stdout.write(`${linesOf(tally)}\n`);
} finally {
  await model.close();
}
