import { toAuthFile } from '../../test/support/identity-place.ts';
import { hasOutput, until } from './launch.ts';
import type { Place } from './place.ts';

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

/** Somebody who has a login, and what is used up of their plan. */
interface Person {
  readonly seed: string;
  readonly pool?: string;
  readonly email: string;
  readonly plan: string;
  /** In percent, of the five hours and of the week. */
  readonly used: readonly [number, number];
  /** When these begin anew, in seconds from now. */
  readonly anew: readonly [number, number];
}

const PEOPLE: readonly Person[] = [
  {
    seed: 'ada',
    pool: 'team',
    email: 'ada@example.org',
    plan: 'pro',
    used: [42, 18],
    anew: [2.4 * HOUR_S, 4.3 * DAY_S],
  },
  {
    seed: 'grace',
    pool: 'team',
    email: 'grace@example.org',
    plan: 'plus',
    used: [100, 91],
    anew: [1.2 * HOUR_S, 1.4 * DAY_S],
  },
  {
    seed: 'linus',
    pool: 'team',
    email: 'linus@example.org',
    plan: 'plus',
    used: [0, 64],
    anew: [5 * HOUR_S, 2 * DAY_S],
  },
  { seed: 'work', email: 'ops@shop.example', plan: 'business', used: [7, 33], anew: [4 * HOUR_S, 6 * DAY_S] },
];

/** Saves logins of made-up people at a provider of our own, finds out how they are, and has one of them used. */
export async function saveSeeds({ api, shop, identity }: Place): Promise<void> {
  identity.lineages.accessTokenSeconds = 10 * DAY_S;
  const now = Math.floor(Date.now() / 1000);
  for (const { seed, pool, email, plan, used, anew } of PEOPLE) {
    const [primaryPercent, secondaryPercent] = used;
    const [primaryResetsAt, secondaryResetsAt] = anew.map((seconds) => Math.round(now + seconds)) as [number, number];
    const usage = { primaryPercent, secondaryPercent, primaryResetsAt, secondaryResetsAt };
    const account = identity.addAccount({ email, plan, usage });
    const login = identity.login(account);
    const made = new Date(Date.now() - (PEOPLE.findIndex((one) => one.seed === seed) * 26 + 3) * HOUR_S * 1000);
    await api.addSeed({ id: seed, auth: toAuthFile(login, made), ...(pool !== undefined && { pool }) });
    if (seed === 'linus') identity.lineages.revoke(login.refreshToken, 'a picture');
    await api.verifySeed(seed);
  }
  await api.addSeed({ id: 'nightly', pool: 'batch', apiKey: identity.makeApiKey() });
  await api.verifySeed('nightly');
  const run = await api.run(
    {
      instructions: 'Run the tests of the shop over and over.',
      workspace: { worktree: shop },
      autoStart: true,
      seedId: 'ada',
    },
    { name: 'Flaky tests, again' },
  );
  await until(run, hasOutput);
}
