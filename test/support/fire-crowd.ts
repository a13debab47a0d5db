import { setTimeout as delay } from 'node:timers/promises';
import { type IsMeant, refusal } from '../fakes/identity/faults.ts';
import type { Fire } from './fire.ts';
import { shuffled } from './random.ts';

/** How they want their logins, in the order in which they come: the third has one alone, and the last two wait for that. */
const MODES = ['broker', 'broker', 'file', 'broker', 'broker', 'broker', 'file', 'file'] as const;
const [LEAST_MS, MOST_MS] = [200, 1_200];
/** Those who want a login alone come to their turn one after the other. */
const ENDS_WITHIN_MS = 150_000;

type Blow = (fire: Fire, runs: readonly string[], random: () => number) => Promise<unknown>;

/** What befalls them all, each of it several times. */
const BLOWS: Readonly<Record<string, Blow>> = {
  'all logins are renewed': async (fire) => fire.renewAll(),
  'and once more': async (fire) => fire.renewAll(),
  'the worker is killed': (fire) => fire.killWorker().then(() => fire.begin()),
  'a codex is killed that has short-lived tokens': async (fire, runs, random) => {
    const [run] = shuffled(runs, random).filter((each) => fire.modeOf(each) === 'broker' && fire.hasCodex(each));
    if (run) await fire.killCodex(run).catch(() => {}); // it has ended just now
  },
  'the next codex that asks for a newer token at the gate is killed': async (fire, runs) =>
    cutDown(fire, runs, 'codex'),
  'so is the worker, and the codex lives': async (fire, runs) => cutDown(fire, runs, 'worker'),
  'so are both': async (fire, runs) => cutDown(fire, runs, 'both'),
  'the provider is asked too often': async (fire) => fire.identity.faults.next('refresh', refusal(429, 'rate_limited')),
  'the provider fails': async (fire) => fire.identity.faults.next('refresh', refusal(500, 'server_error')),
  'the provider breaks off': async (fire) => fire.identity.faults.next('refresh', { kind: 'cut', when: 'before' }),
};

/** Lets eight runs at once have what befalls them, in an order that `random` decides, and gives their names. They have ended. */
export async function crowd(fire: Fire, random: () => number, onBlow: (name: string) => void): Promise<string[]> {
  const runs = MODES.map((mode, nth) => `${mode}-${nth}`);
  for (const [nth, run] of runs.entries()) {
    fire.launch(run, { mode: MODES[nth] as (typeof MODES)[number], isGated: true, attempts: 12 });
  }
  const names = Object.keys(BLOWS);
  for (const name of shuffled([...names, ...names], random)) {
    await fire.isAtWork();
    await delay(LEAST_MS + random() * (MOST_MS - LEAST_MS));
    onBlow(name);
    await BLOWS[name]?.(fire, runs, random);
    const [open] = shuffled(runs, random);
    if (open && random() < 0.5) fire.open(open);
  }
  for (const run of runs) fire.open(run);
  await Promise.all(runs.map((run) => fire.outcome(run, ENDS_WITHIN_MS)));
  return runs;
}

/** While the provider has been asked for a newer token for a codex at the gate, and has given it. */
function cutDown(fire: Fire, runs: readonly string[], victim: 'codex' | 'worker' | 'both'): void {
  const { promise, resolve } = Promise.withResolvers<void>();
  let run: string | undefined;
  const isMeant: IsMeant = (...asked) => {
    run ??= runs.find((each) => fire.modeOf(each) === 'file' && fire.hasCodex(each) && fire.isFor(each)(...asked));
    return run !== undefined;
  };
  const { met } = fire.identity.faults.next('refresh', { kind: 'hold', when: 'after', until: promise }, isMeant);
  const strike = async () => {
    if (victim === 'both' && run) await fire.killBoth(run);
    else if (victim === 'codex' && run) await fire.killCodex(run);
    else if (victim !== 'codex') await fire.killWorker();
  };
  void met.then(strike).finally(() => {
    resolve();
    fire.begin();
  });
}
