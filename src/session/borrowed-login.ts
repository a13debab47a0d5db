import type { SeedAccount } from '../contract/seed.ts';
import type { SeedChoice, SeedWish } from '../contract/seed-wish.ts';
import { SeedUnavailableError } from '../errors.ts';
import type { RunContext } from '../task/context.ts';
import type { AccessTokens, LentKey, LentSeed, LentTokens } from '../task/logins.ts';
import type { SessionConfig } from './config.ts';
import type { SessionLogin } from './login.ts';

/** The seed that a session had before, and whether its codex may live on with it. */
export interface SeedBefore {
  readonly id: string;
  readonly isLive: boolean;
}

/** Whether a run wants a saved login. */
export function wantsSeed({ seedId, seedPool }: Pick<SessionConfig, 'seedId' | 'seedPool'>): boolean {
  return seedId !== undefined || seedPool !== undefined;
}

/**
 * Borrows the saved login that a run wants, and waits for it where that is wanted. Throws `SeedUnavailableError`, and what
 * `Logins.lend` throws.
 */
export async function borrowLogin(
  context: RunContext,
  config: SessionConfig,
  before: SeedBefore | undefined,
): Promise<SessionLogin> {
  const { logins, signal } = context;
  const wish: SeedWish = {
    choices: await choicesOf(context, config, before),
    whenNone: 'refuse',
    ...(config.seedMode && { mode: config.seedMode }),
    ...(before?.isLive && { resumes: before.id }),
  };
  const lent = await logins.lend(wish, signal).catch((thrown) => {
    const isPatient = (config.whenNoSeed ?? 'wait') === 'wait' && !before?.isLive;
    if (!isPatient || !(thrown instanceof SeedUnavailableError)) throw thrown;
    context.emit({ type: 'notice', level: 'info', message: `waits for a login: ${thrown.message}` });
    return logins.lend({ ...wish, whenNone: 'wait' }, signal);
  });
  return toSessionLogin(lent);
}

/** A thread goes on best with the login that it was begun with, where that is free. */
async function choicesOf(
  context: RunContext,
  config: SessionConfig,
  before: SeedBefore | undefined,
): Promise<SeedChoice[]> {
  if (before?.isLive) return [{ seed: before.id }];
  const { seedId, seedPool, seedFallback = [] } = config;
  const first = seedPool === undefined ? { seed: await chosenBy(context, seedId) } : { pool: seedPool };
  return [...(before && seedPool !== undefined ? [{ seed: before.id }] : []), first, ...seedFallback];
}

async function chosenBy(context: RunContext, seedId: SessionConfig['seedId']): Promise<string> {
  if (typeof seedId !== 'function') return seedId ?? '';
  const { runId, taskId, attempt, signal } = context;
  return seedId(runId, { runId, taskId, attempt, signal });
}

function toSessionLogin(lent: LentSeed): SessionLogin {
  const { seedId, mode, settings } = lent;
  const common = { label: labelOf(lent), seed: { id: seedId, mode }, settings, release: () => lent.release() };
  if (mode === 'file')
    return {
      ...common,
      file: lent,
      noteLimit: () => lent.noteLimit(),
      noteRefused: (isByName) => lent.noteRefused(isByName),
    };
  if (mode === 'key') return { ...common, ...ofKey(lent) };
  return { ...common, ...ofTokens(lent) };
}

function ofKey(lent: LentKey): Pick<SessionLogin, 'give' | 'noteLimit'> {
  const { apiKey } = lent;
  return { give: async () => ({ type: 'apiKey', apiKey }), noteLimit: () => lent.noteLimit() };
}

function ofTokens(lent: LentTokens): Pick<SessionLogin, 'give' | 'renew' | 'onRenewed' | 'noteLimit'> {
  let given = '';
  const note = (tokens: AccessTokens): AccessTokens => {
    given = tokens.accessToken;
    return tokens;
  };
  return {
    give: async () => ({ type: 'chatgptAuthTokens', ...note(await lent.tokens()) }),
    renew: async () => note(await lent.renew(given)),
    onRenewed: (listener) => lent.onRenewed((tokens) => listener(note(tokens))),
    noteLimit: () => lent.noteLimit(),
  };
}

function labelOf({ seedId, mode, account }: LentSeed): string {
  return `${mode === 'key' ? 'API key' : `ChatGPT login${whose(account)}`}, seed ${seedId}`;
}

function whose(account: SeedAccount | null): string {
  return account?.email ? ` of ${account.email}` : '';
}
