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
