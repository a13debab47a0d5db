import { reasonInWords } from '../contract/seed-reason.ts';
import type { SeedChoice } from '../contract/seed-wish.ts';
import { type OptioError, SeedUnavailableError } from '../errors.ts';
import { noSeed } from '../store/seed-refusals.ts';
import type { SeedRecord } from '../store/store.ts';
import { LoginRefused } from './provider-refusals.ts';

/** Why a seed cannot be leased now. */
export interface Obstacle {
  readonly seed: string;
  readonly why: 'leased' | 'dead' | 'used up';
  /** In words: by whom, for what reason. */
  readonly what: string;
  /** When that may be over; null when nobody knows, or waiting does not help. */
  readonly until: string | null;
}

/** What stands in the way of one seed at this time; undefined when nothing does. */
export function obstacleOf(seed: SeedRecord, at: string, inAnyState = false): Obstacle | undefined {
  const { id, lease, state, reason, usage } = seed;
  if (state === 'dead' && !inAnyState)
    return { seed: id, why: 'dead', what: reason === null ? 'it was refused' : reasonInWords(reason), until: null };
  const full = usage.filter(({ usedPercent, resetsAt }) => usedPercent >= 100 && resetsAt !== null && resetsAt > at);
  const opens = inAnyState
    ? undefined
    : full
        .map(({ resetsAt }) => resetsAt as string)
        .sort()
        .at(-1);
  if (lease) {
    const until = opens !== undefined && opens > lease.expiresAt ? opens : lease.expiresAt;
    return { seed: id, why: 'leased', what: `leased by ${lease.holder}`, until };
  }
  return opens === undefined
    ? undefined
    : { seed: id, why: 'used up', what: 'its usage window is used up', until: opens };
}

export function isMeant({ id, pool }: SeedRecord, choices: readonly SeedChoice[]): boolean {
  return choices.some((choice) => ('seed' in choice ? choice.seed === id : choice.pool === pool));
}

/** Why none was leased, of each seed that was meant. */
export function unavailable(choices: readonly SeedChoice[], obstacles: readonly Obstacle[]): OptioError {
  const [only] = choices;
  if (obstacles.length === 0 && choices.length === 1 && only && 'seed' in only) {
    return noSeed(only.seed);
  }
  const names = choices.map((choice) => ('seed' in choice ? `the seed ${choice.seed}` : `the pool ${choice.pool}`));
  const whys = obstacles.map(({ seed, what, until }) => `${seed}: ${what}${until === null ? '' : `, until ${until}`}`);
  const why = whys.length > 0 ? whys.join('; ') : 'there is no seed in it';
  return new SeedUnavailableError(`no login is free in ${names.join(' or ')} (${why})`, earliest(obstacles), {
    remedy: 'Wait until one is free, or add another seed to the pool.',
    data: { seeds: obstacles },
  });
}

/** The same for a run: of the only one that is meant, which is dead, it is told to log in again. */
export function noneOf(choices: readonly SeedChoice[], obstacles: readonly Obstacle[]): OptioError {
  const [only] = choices;
  const [dead] = obstacles;
  if (choices.length === 1 && only && 'seed' in only && dead?.why === 'dead')
    return new LoginRefused(dead.seed, dead.what);
  return unavailable(choices, obstacles);
}

/** When the first of them may be out of the way; null when none will be by itself. */
export function earliest(obstacles: readonly Obstacle[]): string | null {
  return (
    obstacles
      .flatMap(({ until }) => (until === null ? [] : [until]))
      .sort()
      .at(0) ?? null
  );
}
