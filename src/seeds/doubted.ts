import type { SeedSummary } from '../contract/seed.ts';

/** How a seed is that codex could not renew, where nobody knows for certain that the provider refuses it for good. */
export const DOUBTED = {
  state: 'unknown',
  reason: 'codex could not renew it, and did not say whether its provider refused it for good',
} as const;

/** Whether a run is to have any other one that it may have before this one: its codex could not renew it either. */
export function isDoubted({ state, reason }: Pick<SeedSummary, 'state' | 'reason'>): boolean {
  return state === DOUBTED.state && reason === DOUBTED.reason;
}
