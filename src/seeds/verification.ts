import { type SeedSummary, type SeedVerification, type VerifySeed, verifySeedSchema } from '../contract/seed.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import { checkKey } from './key-endpoint.ts';
import { apiKeyOf } from './renewed-auth.ts';
import type { Seeds } from './seeds.ts';
import type { SharedSeed } from './shared-seed.ts';
import { updateUsage } from './usage.ts';

/** Tokens that are older are renewed, in milliseconds: those that nobody uses for long are refused one day. */
const STALE_MS = 6 * 86_400_000;

/** By so much a clock may be ahead of another before what it says is no time any more, in milliseconds. */
const SKEW_MS = 3_600_000;

/** Whether the tokens of a login are old, or nobody knows how old they are: then they are renewed once, which tells it. */
export function isStale({ kind, refreshedAt }: Pick<SeedSummary, 'kind' | 'refreshedAt'>, now: number): boolean {
  const age = now - Date.parse(refreshedAt ?? '');
  return kind === 'chatgpt' && !(age >= -SKEW_MS && age <= STALE_MS);
}

export interface VerifyOptions extends VerifySeed {
  readonly seedId: string;
  /** Gives up waiting for the answer; a refresh that is under way goes on, and what it gives is saved. */
  readonly signal?: AbortSignal;
}

/** What was found out, before it is told with the seed. */
type Found = Omit<SeedVerification, 'seed' | 'isRefreshed'>;

/**
 * Finds out whether a login is still good, notes that, and reads how much of its plan is used. It is dead only where its provider says
 * so by name; whatever else goes wrong is unknown, and changes nothing. It costs nothing. Its tokens are renewed when they
 * are old, or refused (`refresh: 'stale'`), in any case (`always`), or not at all (`never`). Throws `not-found`, `invalid-input`,
 * `seed-unreadable`, and what the signal was aborted with.
 */
export async function verifyAndRefreshSeed(seeds: Seeds, options: VerifyOptions): Promise<SeedVerification> {
  const { seedId, signal, ...others } = options;
  const checked = verifySeedSchema.safeParse(others);
  const issue = checked.error?.issues[0];
  if (issue) {
    const field = issue.path.join('.') || 'options';
    throw new OptioError('invalid-input', `${field}: ${issue.message}`, {
      field,
      remedy: 'Say stale, always or never.',
    });
  }
  signal?.throwIfAborted();
  const verifying = verify(seeds, seedId, checked.data?.refresh ?? 'stale');
  return signal ? orAborted(verifying, signal) : verifying;
}

async function verify(
  seeds: Seeds,
  seedId: string,
  refresh: NonNullable<VerifySeed['refresh']>,
): Promise<SeedVerification> {
  const before = await seeds.find(seedId);
  const use = await seeds.shared.use(seedId);
  if (!use) return { ...inUse(before), isRefreshed: false, seed: before };
  try {
    const { seed } = use;
    const { version } = seed;
    const found =
      before.kind === 'apiKey' ? await verifyKey(seeds, seed) : await verifyLogin(seeds, seed, before, refresh);
    return { ...found, isRefreshed: seed.version !== version, seed: await seeds.find(seedId) };
  } finally {
    use.end();
  }
}

async function verifyKey(seeds: Seeds, seed: SharedSeed): Promise<Found> {
  const found = await checkKey(apiKeyOf(seed.auth), seeds.way.fetch);
  const { verdict, reason } = found;
  if (verdict !== 'unknown')
    await seeds.note(seed.id, seed.version, { state: verdict === 'alive' ? 'healthy' : 'dead', reason });
  return found;
}

async function verifyLogin(
  seeds: Seeds,
  seed: SharedSeed,
  before: SeedSummary,
  refresh: NonNullable<VerifySeed['refresh']>,
): Promise<Found> {
  const isForced = refresh === 'always';
  if (before.state === 'dead' && !isForced) return { verdict: 'dead', reason: before.reason };
  const isOld = seed.current === undefined || isStale(before, seeds.clock.now());
  const isDue = isForced || (refresh === 'stale' && isOld);
  const failed = isDue ? await renew(() => seed.refresh('proactive_expiry', isForced)) : undefined;
  if (failed?.verdict === 'dead') return failed;
  const access = seed.current;
  if (!access) return failed ?? { verdict: 'unknown', reason: 'its access token is over, and was not to be renewed' };
  const usage = await updateUsage({ seeds, seedId: seed.id, version: seed.version, access });
  if (usage.kind === 'read') return { verdict: 'alive', reason: failed?.reason ?? null };
  if (usage.kind === 'refused' && usage.status === 401 && refresh === 'stale' && !isDue) {
    const again = await renew(() => seed.renew(access.accessToken));
    if (again) return again;
    const { current } = seed;
    if (current) await updateUsage({ seeds, seedId: seed.id, version: seed.version, access: current });
    return { verdict: 'alive', reason: null };
  }
  if (isDue && !failed) return { verdict: 'alive', reason: `its usage was not told: ${usage.detail}` };
  return failed ?? { verdict: 'unknown', reason: `its usage was not told: ${usage.detail}` };
}

/** Why a login got no newer token; undefined when it did. */
async function renew(act: () => Promise<unknown>): Promise<Found | undefined> {
  try {
    await act();
    return undefined;
  } catch (thrown) {
    const { code, message } = fromUnknown(thrown);
    return { verdict: code === 'login-expired' ? 'dead' : 'unknown', reason: message };
  }
}

/** Whoever has it keeps it current, and a second refresh at the same time could end it. */
function inUse({ state, lease }: SeedSummary): Found {
  const reason = `it is used by ${lease?.holder ?? 'somebody else'}, who keeps it current`;
  return { verdict: state === 'dead' ? 'dead' : 'unknown', reason };
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', leave));
}
