import { REFUSED } from '../contract/seed-reason.ts';
import { callProvider, readObject } from './provider-call.ts';

const MODELS_ENDPOINT = 'https://api.openai.com/v1/models';
/** In milliseconds. */
const DEADLINE_MS = 15_000;
/** The provider's words for a key that will never work again. */
const DEFINITE = ['invalid_api_key', 'account_deactivated'];

export interface KeyCheck {
  readonly verdict: 'alive' | 'dead' | 'unknown';
  /** Why, for people; null where nothing is to be said. */
  readonly reason: string | null;
}

/** Asks the provider for its list of models, which costs nothing, to see whether it takes a key. Never throws. */
export async function checkKey(apiKey: string, fetch: typeof globalThis.fetch): Promise<KeyCheck> {
  const headers = { authorization: `Bearer ${apiKey}` };
  const answer = await callProvider({ fetch, url: MODELS_ENDPOINT, headers, deadlineMs: DEADLINE_MS });
  if ('why' in answer) return { verdict: 'unknown', reason: `${answer.why}, ${answer.detail}` };
  const { status, text } = answer;
  if (status >= 200 && status < 300) return { verdict: 'alive', reason: null };
  const { code } = (readObject(text)?.error ?? {}) as { code?: unknown };
  const known = DEFINITE.find((each) => each === code);
  if (status === 401 && known) return { verdict: 'dead', reason: `${REFUSED}${known}` };
  // A key may be good, and not allowed to list models.
  return { verdict: 'unknown', reason: `its provider answered HTTP ${status}` };
}
