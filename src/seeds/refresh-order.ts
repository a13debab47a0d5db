import { setTimeout as delay } from 'node:timers/promises';
import { type SeedKey, type SeedKeys, seal, unseal } from './encryption.ts';
import { RefreshFiles, type RefreshPlace } from './refresh-files.ts';
import { type RefreshResult, refreshLogin } from './token-endpoint.ts';

/** How often, and after how many milliseconds, it is tried to write an answer that nobody else has. */
const [WRITES, AGAIN_MS] = [3_600, 1_000];

/** All that whoever refreshes a login has to know. It is secret, and goes over a pipe only. */
export interface RefreshOrder extends RefreshPlace {
  readonly refreshToken: string;
  readonly reason: 'proactive_expiry' | 'unauthorized_recovery';
  /** With which the answer is encrypted. */
  readonly key: { readonly id: string; readonly secret: string };
  /** Where the answer goes. */
  readonly directory: string;
}

/** What came of a refresh, as it lies on the disk, encrypted. */
export interface RefreshAnswer {
  readonly at: string;
  readonly result: RefreshResult;
}

/**
 * Sends the refresh token and writes down the answer, in this order: that it may have gone out, and what came back. Whoever does
 * that is not to die meanwhile.
 */
export async function carryOut(
  order: RefreshOrder,
  fetch: typeof globalThis.fetch,
  now: () => number = Date.now,
): Promise<void> {
  const { refreshToken, reason, key } = order;
  const files = new RefreshFiles(order.directory);
  await files.markSent(order);
  const result = await refreshLogin({ refreshToken, reason, fetch, now });
  const answer: RefreshAnswer = { at: new Date(now()).toISOString(), result };
  const sealed = seal(JSON.stringify(answer), boundTo(order), fromText(key));
  for (let left = WRITES; ; left--) {
    try {
      return await files.putResult(order, sealed);
    } catch (thrown) {
      if (left === 1 || (thrown as NodeJS.ErrnoException).code === 'ENOENT') throw thrown; // its directory is gone
      await delay(AGAIN_MS);
    }
  }
}

export function toText({ id, secret }: SeedKey): RefreshOrder['key'] {
  return { id, secret: Buffer.from(secret).toString('base64') };
}

/** Throws `seed-unreadable`. */
export function readAnswer(place: RefreshPlace, sealed: string, keys: SeedKeys): RefreshAnswer {
  return JSON.parse(unseal({ ...boundTo(place), sealed }, keys)) as RefreshAnswer;
}

/** Encrypts an answer anew. */
export function resealAnswer(place: RefreshPlace, sealed: string, keys: SeedKeys): string {
  return seal(unseal({ ...boundTo(place), sealed }, keys), boundTo(place), keys[0]);
}

/** An answer can stand neither for that of another refresh nor for a content of the seed, nor these for it. */
function boundTo({ seedId, version }: RefreshPlace): RefreshPlace {
  return { seedId: `${seedId} (its refresh)`, version };
}

function fromText({ id, secret }: RefreshOrder['key']): SeedKey {
  return { id, secret: Buffer.from(secret, 'base64') };
}
