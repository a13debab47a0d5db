import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity, ProcessMark, StopReport } from './host.ts';
import { findDescendants, findMarked, isRunning, readProcess, type SeenProcess } from './processes.ts';

const POLL_MS = 15;
/** New children may appear while old ones are killed; after so long there is something wrong with the machine. */
const SWEEP_MS = 5_000;
/** A process that begins another program shows no mark for a moment, so one look that finds nobody proves nothing. */
const CALM_LOOKS = 2;

export interface StopOptions {
  readonly identity: ProcessIdentity;
  readonly mark: ProcessMark | undefined;
  /** Ends the input of the process; one without input is asked by a signal at once. */
  readonly closeInput?: (() => void) | undefined;
  /** How long each rung of the ladder may take, in milliseconds. */
  readonly patience?: { readonly input?: number; readonly firstTerm?: number; readonly secondTerm?: number };
}

/**
 * Ends a process by a ladder: end of input, SIGTERM, SIGTERM again, SIGKILL. A codex that listens on a socket takes the
 * first SIGTERM as permission to finish its turn, and the second as the order to go. Whatever it has started, and is still
 * alive then, is killed: its commands run in sessions of their own, where no signal to a group reaches them.
 */
export async function stopProcess(options: StopOptions): Promise<StopReport> {
  const { identity, closeInput } = options;
  const { input = 2_000, firstTerm = 1_000, secondTerm = 4_000 } = options.patience ?? {};
  const family = new Family(identity, options.mark);
  const by = await descend([
    ['exit', () => {}, 0],
    ...(closeInput ? [['input', closeInput, input] as const] : []),
    ['SIGTERM', () => kill(identity.pid, 'SIGTERM'), firstTerm],
    ['SIGTERM', () => kill(identity.pid, 'SIGTERM'), secondTerm],
    ['SIGKILL', () => kill(identity.pid, 'SIGKILL'), 10_000],
  ]);
  return { by, swept: await family.sweep() };

  async function descend(
    rungs: readonly (readonly [StopReport['by'], () => void, number])[],
  ): Promise<StopReport['by']> {
    for (const [name, act, patienceMs] of rungs) {
      if (name === 'SIGTERM' && readProcess(identity.pid)?.isStopped) continue; // it would not hear it
      family.look();
      act();
      if (await hasEnded(identity, patienceMs)) return name;
    }
    return 'SIGKILL';
  }
}

/** Kills everything that carries a mark, for when nobody knows any more which process it began with. */
export async function sweepMarked(mark: ProcessMark): Promise<number> {
  return new Family(undefined, mark).sweep();
}

/** The descendants of a process, remembered from while it lived, since afterwards nothing leads to them. */
class Family {
  readonly #root: ProcessIdentity | undefined;
  readonly #mark: ProcessMark | undefined;
  readonly #members = new Map<number, SeenProcess>();

  constructor(root: ProcessIdentity | undefined, mark: ProcessMark | undefined) {
    this.#root = root;
    this.#mark = mark;
  }

  look(): void {
    const roots = this.#root && isRunning(this.#root) ? [this.#root.pid] : [];
    const known = [...this.#members.values()].filter(isSame).map((member) => member.pid);
    const marked = this.#mark ? findMarked(this.#mark) : [];
    for (const seen of [...findDescendants(new Set([...roots, ...known])), ...marked]) {
      if (!roots.includes(seen.pid) && seen.pid !== process.pid) this.#members.set(seen.pid, seen);
    }
  }

  /** Kills everybody who is left, and tells how many they were. */
  async sweep(): Promise<number> {
    const killed = new Set<number>();
    const deadline = performance.now() + SWEEP_MS;
    for (let calm = 0; performance.now() < deadline; await delay(POLL_MS)) {
      this.look();
      const alive = [...this.#members.values()].filter(isSame);
      calm = alive.length === 0 ? calm + 1 : 0;
      if (calm === CALM_LOOKS) break;
      for (const member of alive) {
        killed.add(member.pid);
        kill(member.pid, 'SIGKILL');
      }
    }
    return killed.size;
  }
}

function isSame(seen: SeenProcess): boolean {
  const now = readProcess(seen.pid);
  return now !== undefined && !now.isZombie && now.startTime === seen.startTime;
}

async function hasEnded(identity: ProcessIdentity, patienceMs: number): Promise<boolean> {
  for (const deadline = performance.now() + patienceMs; ; await delay(POLL_MS)) {
    if (!isRunning(identity)) return true;
    if (performance.now() >= deadline) return false;
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself in the meantime.
  }
}
