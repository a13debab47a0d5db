import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { isOver, type NewSeedLogin, type SeedLogin } from '../../src/contract/seed-login.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { SeedLogins, type SeedLoginsOptions } from '../../src/seeds/logins.ts';
import type { FakeIdentity } from '../fakes/identity/provider.ts';
import { compiled } from './compiled.ts';
import { type StartedIdentity, startIdentity } from './identity.ts';
import { filesWith } from './search.ts';
import { type SeedPlace, seedPlace } from './seeds.ts';

export interface LoginPlace extends SeedPlace, StartedIdentity {
  readonly logins: SeedLogins;
  /** Begins a login and waits until somebody may log in, or it is over. */
  begin(login: NewSeedLogin): Promise<SeedLogin>;
  /** Waits for its end. */
  end(login: SeedLogin): Promise<SeedLogin>;
  /** What is left of the private homes of logins. */
  left(): string[];
  /** Opens logins over the same seeds once more, as the next process would. */
  reopen(options?: Partial<SeedLoginsOptions>): Promise<SeedLogins>;
}

export interface LoginPlaceOptions extends Partial<Pick<SeedLoginsOptions, 'lifetimesMs' | 'patienceMs' | 'clock'>> {
  readonly at?: StartedIdentity;
  /** More of the environment of optio-codex. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Logins with the real codex, which come to a fake provider in the place of OpenAI, over real seeds. */
export async function loginPlace({ at, env: more = {}, ...options }: LoginPlaceOptions = {}): Promise<LoginPlace> {
  const identity = at ?? (await startIdentity());
  const place = await seedPlace();
  const env = { PATH: process.env.PATH, ...compiled(), ...identity.env, ...more };
  const open = async (others: Partial<SeedLoginsOptions> = {}) => {
    const host = new LocalHost({ home: place.directory });
    const logins = new SeedLogins({ host, seeds: place.seeds, dataDir: place.directory, env, ...options, ...others });
    onTestFinished(() => logins.close());
    await logins.takeUp();
    return logins;
  };
  const logins = await open();
  return {
    ...place,
    ...identity,
    logins,
    begin: async (login) => {
      const begun = await logins.start(login);
      return logins.find(begun.id, { seen: 'starting' });
    },
    end: (login) => untilOver((id, seen) => logins.find(id, { seen }), login),
    left: () => leftOf(place.directory),
    reopen: open,
  };
}

/** Follows a login to its end. */
export async function untilOver(
  find: (id: string, seen: SeedLogin['state']) => Promise<SeedLogin>,
  login: SeedLogin,
): Promise<SeedLogin> {
  let told = login;
  while (!isOver(told)) told = await find(told.id, told.state);
  return told;
}

/** What is left of the private homes of logins in a data directory. */
export function leftOf(dataDir: string): string[] {
  try {
    return readdirSync(join(dataDir, 'seeds', 'logins'));
  } catch {
    return [];
  }
}

/** The files of a directory in which a secret stands that the provider has ever issued. */
export function leaksIn(directory: string, { ledger }: FakeIdentity): string[] {
  return [...ledger.secrets].flatMap((secret) => filesWith(directory, secret));
}

/** The refresh token that a seed holds now. */
export async function tokenOf({ seeds }: LoginPlace, seed = 'work'): Promise<string> {
  await using lease = await seeds.lease({ of: { seed }, holder: 'test', inAnyState: true });
  const { files } = await seeds.read(lease);
  return JSON.parse(files['auth.json'] ?? '').tokens.refresh_token;
}

/** That the provider knows of no login that nobody could go on with. */
export async function expectKept(place: LoginPlace, seed = 'work'): Promise<void> {
  const token = await tokenOf(place, seed);
  expect(place.identity.ledger.lost((newest) => newest === token)).toEqual([]);
}

/** Nothing is left of a login: no directory, no secret, and no process. */
export function expectNothingLeft(place: LoginPlace): void {
  expect(place.left()).toEqual([]);
  expect(leaksIn(place.directory, place.identity)).toEqual([]);
}
