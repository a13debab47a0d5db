import { readdirSync, readFileSync } from 'node:fs';
import { vi } from 'vitest';
import type { ProcessMark } from '../../src/hosts/host.ts';
import { findMarked } from '../../src/hosts/processes.ts';

/** How many processes carry the mark of a session: codex itself, and whatever it or its commands started. */
export function countMarked(mark: ProcessMark): number {
  return findMarked(mark).length;
}

/** Waits for a fact that nobody announces, by looking again and again. */
export async function until(isSo: () => boolean | Promise<boolean>, what = 'the fact'): Promise<void> {
  const look = async () => {
    if (!(await isSo())) throw new Error(`${what} did not come true`);
  };
  await vi.waitFor(look, { timeout: 45_000, interval: 10 });
}

/** The codex of a session, by the mark that its processes have. */
export function codexOf(mark: ProcessMark): number {
  const isServer = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('app-server');
  const codex = findMarked(mark).find(({ pid }) => isServer(pid));
  if (!codex) throw new Error(`there is no codex of ${mark.value}`);
  return codex.pid;
}

/** Stops a process, as a machine that hangs would. A signal takes a moment until all of its threads have stopped. */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  const stateOf = (thread: string) => readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1').split(') ')[1]?.[0];
  await until(
    () => readdirSync(`/proc/${pid}/task`).every((thread) => stateOf(thread) === 'T'),
    'the stop of every thread',
  );
}
