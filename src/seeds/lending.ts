import type { SeedMode, SeedSummary } from '../contract/seed.ts';
import { LENDER } from '../contract/seed-holder.ts';
import type { SeedChoice, SeedWish } from '../contract/seed-wish.ts';
import { isDoubted } from './doubted.ts';
import { isMeant, type Obstacle, obstacleOf } from './obstacles.ts';

/** What is lent now. */
export interface Lent {
  /** The runs that have it. */
  readonly runs: (seedId: string) => readonly string[];
  /** Whether one of them has it as a file. */
  readonly isFile: (seedId: string) => boolean;
  /** Whether some of them share it. */
  readonly isShared: (seedId: string) => boolean;
  /** A number that grows with each loan; 0 for one that was not lent yet. */
  readonly lastLent: (seedId: string) => number;
}

/** Who wants one. */
export interface Borrower {
  readonly runId: string;
  /** Its parent, the parent of that, and so on: they may wait for its end. */
  readonly ancestors: readonly string[];
}

/** What holds for all who are looked at in one go. */
export interface Round {
  readonly at: string;
  readonly lent: Lent;
  /** The seeds for which somebody waits who wants them alone, with the run that is: nobody else begins to share these. */
  readonly kept: ReadonlyMap<string, string>;
}

export interface Candidates {
  /** The best of those that can be lent now. */
  readonly best: SeedSummary | undefined;
  /** What stands in the way of the others. */
  readonly obstacles: readonly Obstacle[];
}

export function choicesOf({ choices, resumes }: SeedWish): readonly SeedChoice[] {
  return resumes === undefined ? choices : [{ seed: resumes }];
}

/** How it is given to whoever wants it so. */
export function modeFor(seed: SeedSummary, { mode }: SeedWish): SeedMode {
  return seed.mode === 'broker' ? (mode ?? 'broker') : seed.mode;
}

/**
 * Out of the first choice that has one that can be lent: a healthy one before one that nobody has tried, one that fewer runs have
 * before one that more have, and of these the one that was lent longest ago. One that a codex could not renew comes after all others,
 * of whichever choice they are.
 */
export function findCandidates(
  seeds: readonly SeedSummary[],
  wish: SeedWish,
  { runId, ancestors, at, lent, kept }: Round & Borrower,
): Candidates {
  const obstacles: Obstacle[] = [];
  const [doubted, trusted] = [seeds.filter(isDoubted), seeds.filter((seed) => !isDoubted(seed))];
  const choices = choicesOf(wish);
  for (const { choice, among } of [trusted, doubted].flatMap((among) => choices.map((choice) => ({ choice, among })))) {
    const free: SeedSummary[] = [];
    for (const seed of among.filter((each) => isMeant(each, [choice]))) {
      const obstacle = whatHinders(seed, wish, { runId, ancestors, at, lent, kept });
      if (obstacle) obstacles.push(obstacle);
      else free.push(seed);
    }
    const [best] = free.sort((a, b) => compare(a, b, lent));
    if (best) return { best, obstacles };
  }
  return { best: undefined, obstacles };
}

/** The seed that whoever cannot be served now waits for, where it is one that he has to have alone and no other would do. */
export function soleOf(
  seeds: readonly SeedSummary[],
  wish: SeedWish,
  obstacles: readonly Obstacle[],
): string | undefined {
  const ids = new Set(obstacles.filter(({ why }) => why === 'leased').map(({ seed }) => seed));
  const [only] = seeds.filter(({ id }) => ids.has(id));
  return only && ids.size === 1 && modeFor(only, wish) === 'file' ? only.id : undefined;
}

function compare(a: SeedSummary, b: SeedSummary, lent: Lent): number {
  return (
    Number(b.state === 'healthy') - Number(a.state === 'healthy') ||
    lent.runs(a.id).length - lent.runs(b.id).length ||
    lent.lastLent(a.id) - lent.lastLent(b.id) ||
    (a.lastLeasedAt ?? '').localeCompare(b.lastLeasedAt ?? '') ||
    a.id.localeCompare(b.id)
  );
}

function whatHinders(
  seed: SeedSummary,
  wish: SeedWish,
  { runId, ancestors, at, lent, kept }: Round & Borrower,
): Obstacle | undefined {
  const { id, lease } = seed;
  const isResumed = wish.resumes !== undefined;
  if (seed.state === 'dead') return obstacleOf(seed, at);
  const isFile = modeFor(seed, wish) === 'file';
  // What the run itself holds is of a process before us, which had no time to give it back.
  const isOurs = lease === null || lease.holder === LENDER || (isFile && lease.holder === runId);
  const isTaken = isFile ? lent.isFile(id) || lent.isShared(id) : lent.isFile(id);
  if (isTaken || !isOurs) {
    const who = seed.runs.length > 0 ? `the runs ${seed.runs.join(', ')}` : (lease?.holder ?? 'another run');
    return { seed: id, why: 'leased', what: `leased by ${who}`, until: lease?.expiresAt ?? at };
  }
  // A codex that lives has it already; and whoever waits for it waits for an ancestor, which may wait for this run.
  const mayPass = isResumed || lent.runs(id).some((user) => ancestors.includes(user));
  const first = mayPass ? undefined : kept.get(id);
  if (first !== undefined) {
    return { seed: id, why: 'leased', what: `kept for the run ${first}`, until: lease?.expiresAt ?? at };
  }
  // Whoever had it before is not asked whether there is something left of it.
  return isResumed ? undefined : obstacleOf({ ...seed, lease: null }, at);
}
