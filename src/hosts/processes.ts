import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessIdentity, ProcessMark } from './host.ts';

/** A process as `/proc` shows it. On a system without `/proc` no process is ever seen. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  /** In clock ticks since boot. */
  readonly startTime: number;
  readonly isZombie: boolean;
  /** Somebody has stopped it, with SIGSTOP: it hears of no signal but SIGCONT and SIGKILL. */
  readonly isStopped: boolean;
}

/** The id of this boot of the machine; empty where it is not told. */
export function readBootId(): string {
  return readOrEmpty('/proc/sys/kernel/random/boot_id').trim();
}

export function readProcess(pid: number): SeenProcess | undefined {
  // The command's name stands in parentheses and may hold anything, parentheses too.
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  const startTime = Number(fields[19]);
  if (!state || !Number.isFinite(startTime)) return undefined;
  return { pid, parent: Number(parent), startTime, isZombie: state === 'Z' || state === 'X', isStopped: state === 'T' };
}

export function listProcesses(): SeenProcess[] {
  return listPids().flatMap((pid) => readProcess(pid) ?? []);
}

/** All descendants of these processes, whatever session or group they have put themselves into. */
export function findDescendants(roots: ReadonlySet<number>): SeenProcess[] {
  const all = listProcesses();
  const family = new Set(roots);
  const found: SeenProcess[] = [];
  for (let grew = true; grew; ) {
    grew = false;
    for (const process of all) {
      if (family.has(process.pid) || !family.has(process.parent)) continue;
      family.add(process.pid);
      found.push(process);
      grew = true;
    }
  }
  return found;
}

/** All processes whose environment shows this mark, also those whose parents are gone. */
export function findMarked({ name, value, pathEntry }: ProcessMark): SeenProcess[] {
  const mark = toLatin1(`${name}=${value}`);
  const entry = pathEntry && toLatin1(pathEntry);
  return listPids().flatMap((pid) => {
    const variables = readOrEmpty(`/proc/${pid}/environ`).split('\0');
    const isMarked = variables.some(
      (text) => text === mark || (entry && text.startsWith('PATH=') && text.includes(entry)),
    );
    return isMarked ? (readProcess(pid) ?? []) : [];
  });
}

/** As `/proc` is read here: byte by byte. */
function toLatin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}

export function identify(pid: number): ProcessIdentity {
  return { pid, startTime: readProcess(pid)?.startTime ?? null, bootId: readBootId() };
}

/** Whether this very process still runs; one that merely has its pid does not count, nor does a dead one unburied. */
export function isRunning(identity: ProcessIdentity): boolean {
  if (identity.bootId !== readBootId()) return false;
  const seen = readProcess(identity.pid);
  if (seen) return !seen.isZombie && seen.startTime === identity.startTime;
  return identity.startTime === null && answersSignals(identity.pid);
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function listPids(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
