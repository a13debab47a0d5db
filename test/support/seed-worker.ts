import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { Orders } from '../fakes/seed-worker.ts';
import { fakePath } from './fakes.ts';

export interface SeedWork {
  /** What it said, line by line. */
  readonly lines: readonly string[];
  readonly end: NodeJS.Signals | number | null;
}

/** Lets a process of its own do something with the seeds of a data directory, and waits for its end. */
export async function workOnSeeds(orders: Orders): Promise<SeedWork> {
  const worker = spawn(process.execPath, [fakePath('seed-worker.ts'), JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void worker.kill('SIGKILL'));
  const [said, [code, signal]] = await Promise.all([text(worker.stdout), once(worker, 'exit')]);
  return { lines: said.split('\n').filter((line) => line !== ''), end: signal ?? code };
}
