import type { CodexProcess } from '../../../src/codex/launch.ts';
import { findMarked } from '../../../src/hosts/processes.ts';

/** How many processes a codex has besides itself: its commands, and what belongs to their sandbox. */
export function commandsOf({ mark, process }: Pick<CodexProcess, 'mark' | 'process'>): number {
  return findMarked(mark).filter(({ pid }) => pid !== process.identity.pid).length;
}
