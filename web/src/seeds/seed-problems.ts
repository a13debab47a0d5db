import { newSeedSchema, type SeedSummary } from '../../../src/contract/seed.ts';

/** A login as it is typed. */
export interface TypedSeed {
  readonly id: string;
  /** Empty where it is to be in none. */
  readonly pool: string;
  /** What lets somebody in, where one brings that oneself. */
  readonly given: { readonly way: 'apiKey' | 'file'; readonly secret: string } | null;
}

export type SeedProblems = Partial<Record<'id' | 'pool' | 'secret', string>>;

/** What is wrong with it, by its fields, before anything is sent. */
export function problemsOfSeed({ id, pool, given }: TypedSeed, seeds: readonly { readonly id: SeedSummary['id'] }[]) {
  const problems: SeedProblems = {};
  if (id === '') problems.id = 'Give it a name.';
  else if (seeds.some((seed) => seed.id === id))
    problems.id = `There is a login of this name. Take another, or log in again from its row.`;
  if (given?.secret === '')
    problems.secret = given.way === 'apiKey' ? 'Give the key.' : 'Paste the file, or choose it.';
  const secret = given && (given.way === 'apiKey' ? { apiKey: given.secret } : { auth: given.secret });
  const { error } = newSeedSchema.safeParse({ id, ...(pool && { pool }), ...secret });
  for (const { path, message } of error?.issues ?? []) {
    const field = path[0] === 'id' || path[0] === 'pool' ? path[0] : 'secret';
    problems[field] ??= `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  }
  return problems;
}
