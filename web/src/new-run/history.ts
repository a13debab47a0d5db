import { isTexts, keep, readKept } from '../design/kept.ts';
import type { Draft } from './draft.ts';

const MAX_PROMPTS = 50;
const MAX_DIRECTORIES = 20;

/** The prompts that were sent from this browser, the newest first. */
export function earlierPrompts(): readonly string[] {
  return readKept('prompts', [], isTexts);
}

export function keepPrompt(prompt: string): void {
  keep('prompts', withNewest(earlierPrompts(), prompt, MAX_PROMPTS));
}

/** The directories in which runs were begun from this browser, the newest first. */
export function earlierDirectories(): readonly string[] {
  return readKept('directories', [], isTexts);
}

export function keepDirectory(directory: string): void {
  keep('directories', withNewest(earlierDirectories(), directory, MAX_DIRECTORIES));
}

type LoginChoice = Pick<Draft, 'login' | 'seed' | 'pool' | 'whenNoSeed' | 'seedFallback' | 'seedMode'>;

/** Which model, who serves it, and the name of the login. Never a key, nor where it lies. */
export type ModelChoice = Pick<Draft, 'provider' | 'providerUrl' | 'contextWindow' | 'model' | 'effort'> & LoginChoice;

/** It may have been kept by an earlier page, or by anybody. */
type Kept<T> = { readonly [Name in keyof T]?: unknown };

/** What the last run from this browser was launched with; nothing before the first. */
export function earlierModelChoice(): Partial<ModelChoice> {
  const found = readKept<Partial<ModelChoice>>('model', {}, isModelChoice);
  const { login, seed, pool, whenNoSeed, seedFallback, seedMode, ...kept } = found;
  return { ...kept, ...loginChoice({ login, seed, pool, whenNoSeed, seedFallback, seedMode }) };
}

export function keepModelChoice({ provider, providerUrl, contextWindow, model, effort, ...seed }: ModelChoice): void {
  const other = provider === 'other' ? { providerUrl: withoutLogin(providerUrl), contextWindow } : {};
  keep('model', { provider, model, effort, ...other, ...loginChoice(seed) });
}

/** What of it says how one logs in; nothing where it says that as nobody does now. What was kept earlier said nothing of it. */
function loginChoice(kept: Kept<LoginChoice>): Partial<LoginChoice> {
  const { login, seed, pool, whenNoSeed, seedFallback = '', seedMode = 'broker' } = kept;
  if (whenNoSeed !== 'wait' && whenNoSeed !== 'refuse') return {};
  if (typeof seedFallback !== 'string' || (seedMode !== 'broker' && seedMode !== 'file')) return {};
  const how = { whenNoSeed, seedFallback, seedMode } as const;
  if (login === 'seed' && typeof seed === 'string') return { login, seed, ...how };
  return login === 'pool' && typeof pool === 'string' ? { login, pool, ...how } : {};
}

/** An address may carry a name and a password. */
export function withoutLogin(address: string): string {
  const url = URL.parse(address.trim());
  if (!url || (url.username === '' && url.password === '' && url.search === '')) return address.trim();
  [url.username, url.password, url.search] = ['', '', ''];
  return url.href;
}

function isModelChoice(value: unknown): value is Partial<ModelChoice> {
  if (value === null || typeof value !== 'object') return false;
  const { provider, providerUrl = '', contextWindow = '', model, effort } = value as Kept<ModelChoice>;
  const isKnown = provider === 'openai' || provider === 'other';
  return isKnown && isTexts([providerUrl, contextWindow, model, effort]);
}

/** Each once, the newest first, and no more than so many. */
export function withNewest(before: readonly string[], newest: string, most: number): string[] {
  return [newest, ...before.filter((entry) => entry !== newest)].slice(0, most);
}

/** What a typed path may become: earlier ones that begin so first, each once. What was found fits already. */
export function suggested(
  typed: string,
  earlier: readonly string[],
  found: readonly string[],
): { readonly value: string; readonly note?: string }[] {
  const known = earlier.filter((path) => path.startsWith(typed) && path !== typed);
  // What was found for the letters before may not fit any more, until the answer for these has come.
  const fresh = found.filter((path) => !known.includes(path) && (typed.startsWith('~') || path.startsWith(typed)));
  return [...known.map((value) => ({ value, note: 'earlier' })), ...fresh.map((value) => ({ value }))];
}
