import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { readProcess } from '../../../src/hosts/processes.ts';

/** A command that needs codex itself is not waited for longer, in milliseconds. */
const AT_MOST_MS = 5_000;

/**
 * Stops codex whenever it has started a command in its sandbox until that has ended, and gives a function that ends this. Codex looks
 * whether a command was denied something only where it ends within 150 ms, which a sandbox alone may take on a busy
 * machine; so to codex every command ends at once.
 */
export function haltDuringCommands(codex: number): () => Promise<void> {
  const left = new Set<number>();
  let isOver = false;
  const watching = (async () => {
    for (; !isOver; await turn()) {
      const running = childrenOf(codex).filter((pid) => !left.has(pid) && isConfined(pid) && isRunning(pid));
      if (running.length === 0) continue;
      process.kill(codex, 'SIGSTOP');
      const end = performance.now() + AT_MOST_MS;
      while (running.some(isRunning) && performance.now() < end) await turn();
      for (const pid of running) if (isRunning(pid)) left.add(pid);
      process.kill(codex, 'SIGCONT');
    }
  })();
  return () => {
    isOver = true;
    return watching;
  };
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    try {
      return readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    } catch {
      return []; // The thread has ended.
    }
  });
}

/** The others get something from codex before they start. */
function isConfined(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('codex-linux-sandbox');
  } catch {
    return false; // The process has ended.
  }
}

function isRunning(pid: number): boolean {
  return readProcess(pid)?.isZombie === false;
}
