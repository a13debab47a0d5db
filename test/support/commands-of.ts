import { readFileSync } from 'node:fs';
import type { CodexProcess } from '../../src/codex/launch.ts';
import { findMarked } from '../../src/hosts/processes.ts';

type Running = Pick<CodexProcess, 'mark' | 'process'>;

/** How many processes a codex has besides itself: its commands, and what belongs to their sandbox. */
export function commandsOf(codex: Running): number {
  return commandPids(codex).length;
}

/** Whether one of them is this very program with these arguments, such as `sleep 5`: it has begun, and is not over. */
export function isRunning(codex: Running, command: string): boolean {
  return commandPids(codex).some((pid) => commandLine(pid) === command);
}

function commandPids({ mark, process }: Running): number[] {
  return findMarked(mark).flatMap(({ pid }) => (pid === process.identity.pid ? [] : [pid]));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trimEnd();
  } catch {
    return ''; // it ended meanwhile
  }
}
