import { setTimeout as delay } from 'node:timers/promises';
import type { RefreshStep } from '../../src/seeds/refreshes.ts';
import { type Fault, refusal } from '../fakes/identity/faults.ts';
import type { Fire } from './fire.ts';
import { until } from './processes.ts';

/** What is done to one run, or around it. It has ended when this resolves, and nobody is told to die any more. */
export interface Trial {
  readonly name: string;
  readonly mode: 'broker' | 'file';
  readonly act: (fire: Fire, run: string) => Promise<void>;
}

type Victim = 'codex' | 'worker' | 'both';

const STEPS: readonly RefreshStep[] = [
  ...(['noted', 'started', 'identified', 'told', 'answered', 'read', 'saved', 'cleared'] as const),
];
const VICTIMS = ['codex', 'worker', 'both'] as const;

/** What the provider answers, or does not, and a login survives. */
const ANSWERS: readonly (readonly [string, () => Fault])[] = [
  ['400', () => refusal(400, 'invalid_request')],
  ['401', () => refusal(401, 'invalid_client')],
  ['429', () => refusal(429, 'rate_limited', { 'retry-after': '1' })],
  ['500', () => refusal(500, 'server_error')],
  ['slow', () => ({ kind: 'hold', when: 'after', until: delay(1_500) })],
  ['twice', () => ({ kind: 'twice' })],
  ['broken off before it was done', () => ({ kind: 'cut', when: 'before' })],
];

/** Every death and every answer that a login has to survive. */
export function trials(): Trial[] {
  return [
    ...STEPS.map(workerDiesAt),
    ...STEPS.flatMap((step) => [codexDiesAt(step, 'codex'), codexDiesAt(step, 'both')]),
    ...ANSWERS.map((answer) => answered(answer, 'broker')),
    { name: 'broken off before its last character', mode: 'broker', act: brokenOff },
    ...STEPS.flatMap((step) => VICTIMS.map((victim) => diesAtGate(step, victim))),
    ...VICTIMS.map(diesWhileWeWait),
    ...VICTIMS.map(diesBeforeCodexAsks),
    ...VICTIMS.flatMap((victim) => [diesWhileCodexWaits(victim, 'before'), diesWhileCodexWaits(victim, 'after')]),
    ...VICTIMS.map(diesAfterSaving),
    ...ANSWERS.map((answer) => answered(answer, 'file')),
  ];
}

function workerDiesAt(step: RefreshStep): Trial {
  return {
    name: `worker killed when a refresh is ${step}`,
    mode: 'broker',
    async act(fire, run) {
      fire.dieAt(step);
      fire.launch(run, { mode: 'broker', isGated: true });
      await fire.hasDied();
      fire.begin();
      fire.open(run);
      await fire.outcome(run);
    },
  };
}

/** While it has a turn, for which its login is renewed. */
function codexDiesAt(step: RefreshStep, victim: 'codex' | 'both'): Trial {
  return {
    name: `${victim} killed when a refresh is ${step}`,
    mode: 'broker',
    async act(fire, run) {
      fire.launch(run, { mode: 'broker', isGated: true });
      await fire.seen(run, 'turn.started');
      const codex = await fire.codex(run);
      fire.dieAt(step, { codex, lives: victim === 'codex' });
      await fire.isGone(codex);
      if (victim === 'both') await fire.hasDied();
      await goOn(fire, run);
    },
  };
}

/** The same where the codex has its login in its home, and has asked for it at the gate. */
function diesAtGate(step: RefreshStep, victim: Victim): Trial {
  return {
    name: `${victim} killed when a refresh for a codex at the gate is ${step}`,
    mode: 'file',
    async act(fire, run) {
      const before = fire.strikes;
      fire.dieAt(step, { ...(victim !== 'worker' && { codexOf: run }), lives: victim === 'codex', isAtGate: true });
      fire.launch(run, { mode: 'file', isGated: true });
      await isAsked(fire, run, () => (victim === 'codex' ? fire.strikes > before : !fire.isAlive));
      await goOn(fire, run);
    },
  };
}

function answered([name, fault]: (typeof ANSWERS)[number], mode: Trial['mode']): Trial {
  return {
    name: `token endpoint ${name}`,
    mode,
    act: (fire, run) => meet(fire, run, fault(), mode),
  };
}

function brokenOff(fire: Fire, run: string): Promise<void> {
  return meet(fire, run, { kind: 'cut', when: 'at the end' }, 'broker');
}

async function meet(fire: Fire, run: string, fault: Fault, mode: Trial['mode']): Promise<void> {
  const { met } = fire.identity.faults.next('refresh', fault, mode === 'file' ? fire.isFor(run) : undefined);
  fire.launch(run, { mode, isGated: true });
  await (mode === 'file' ? isMet(fire, run, met) : met);
  fire.open(run);
  await fire.outcome(run);
}

function diesWhileWeWait(victim: Victim): Trial {
  return {
    name: `${victim} killed while the provider holds its answer`,
    mode: 'broker',
    async act(fire, run) {
      fire.launch(run, { mode: 'broker', isGated: true });
      await fire.seen(run, 'turn.started');
      const { promise, resolve } = Promise.withResolvers<void>();
      const { met } = fire.identity.faults.next('refresh', { kind: 'hold', when: 'after', until: promise });
      await met;
      await kill(fire, run, victim);
      resolve();
      await goOn(fire, run);
    },
  };
}

function diesBeforeCodexAsks(victim: Victim): Trial {
  return {
    name: `${victim} killed before codex asks for a newer token`,
    mode: 'file',
    async act(fire, run) {
      // It may ask meanwhile, if the machine is slow; then the provider does not do it.
      const { promise, reject } = Promise.withResolvers<void>();
      promise.catch(() => {});
      const hold = { kind: 'hold', when: 'before', until: promise } as const;
      const { end } = fire.identity.faults.each('refresh', hold, fire.isFor(run));
      fire.launch(run, { mode: 'file', isGated: true });
      await fire.codex(run);
      await kill(fire, run, victim);
      end();
      reject(new Error('never done'));
      await goOn(fire, run);
    },
  };
}

/** It has asked at the gate, and we have asked the provider, which has done it, or has not yet. */
function diesWhileCodexWaits(victim: Victim, when: 'before' | 'after'): Trial {
  return {
    name: `${victim} killed while codex waits for a newer token, ${when} the provider has done it`,
    mode: 'file',
    async act(fire, run) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const { met } = fire.identity.faults.next('refresh', { kind: 'hold', when, until: promise }, fire.isFor(run));
      fire.launch(run, { mode: 'file', isGated: true });
      await isMet(fire, run, met);
      await kill(fire, run, victim);
      resolve();
      await goOn(fire, run);
    },
  };
}

function diesAfterSaving(victim: Victim): Trial {
  return {
    name: `${victim} killed when the newer token of a codex was saved`,
    mode: 'file',
    async act(fire, run) {
      const before = fire.saved.length;
      const { met } = fire.identity.faults.next('refresh', { kind: 'twice' }, fire.isFor(run));
      fire.launch(run, { mode: 'file', isGated: true });
      await isMet(fire, run, met);
      await until(() => fire.saved.length > before, 'the newer login to be saved');
      await kill(fire, run, victim);
      await goOn(fire, run);
    },
  };
}

/** Waits until the login in the home of a codex was asked for, with this. */
async function isMet(fire: Fire, run: string, met: Promise<void>): Promise<void> {
  let isSo = false;
  void met.then(() => {
    isSo = true;
  });
  await isAsked(fire, run, () => isSo);
}

/**
 * The same, by whatever tells that. A login that was renewed just before, since a run before had left that to be done, is good for
 * a turn: then it is refused, and another codex asks.
 */
async function isAsked(fire: Fire, run: string, isSo: () => boolean): Promise<void> {
  for (let held = 0; !isSo(); held = fire.heldTurns(run)) {
    await until(() => isSo() || fire.heldTurns(run) > held, `${run} to need a newer token`, 90_000);
    if (isSo()) return;
    fire.refuse(() => true);
    await fire.killCodex(run);
  }
}

async function kill(fire: Fire, run: string, victim: Victim): Promise<void> {
  if (victim === 'both') await fire.killBoth(run);
  else if (victim === 'codex') await fire.killCodex(run);
  else await fire.killWorker();
}

async function goOn(fire: Fire, run: string): Promise<void> {
  fire.begin();
  fire.open(run);
  await fire.outcome(run);
}
