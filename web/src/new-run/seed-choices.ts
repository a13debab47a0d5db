import type { SeedChoice } from '../../../src/contract/seed-wish.ts';
import { readWords } from './pairs.ts';

const POOL = 'pool:';

/** `spare pool:team` as what a run may take in the place of its seed, in this order. */
export function readSeedChoices(text: string): SeedChoice[] {
  return readWords(text).map((word) => (word.startsWith(POOL) ? { pool: word.slice(POOL.length) } : { seed: word }));
}

export function writeSeedChoices(choices: readonly SeedChoice[]): string {
  return choices.map((choice) => ('pool' in choice ? `${POOL}${choice.pool}` : choice.seed)).join(' ');
}
