import { join } from 'node:path';
import { decodeJwt } from 'jose';
import type { Login } from '../codex/handshake.ts';
import type { SeedMode } from '../contract/seed.ts';
import type { SeedSettings } from '../contract/seed-config.ts';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import type { AccessTokens, LentFile } from '../task/logins.ts';
import type { SessionConfig } from './config.ts';

/** A token is lent only while it lives for so much longer. */
const MIN_LIFE_MS = 30 * 60 * 1000;

/** Where OpenAI's key is looked for. */
const KEY_VARIABLE = 'OPENAI_API_KEY';

/** How a run is logged in. */
export interface SessionLogin {
  /** For people: where it comes from and whose it is, never a key or a token. */
  readonly label: string;
  /** What Codex is given over its connection, as it is by now; undefined when it is given nothing there. */
  readonly give?: () => Promise<Login>;
  /** A newer token when the provider refuses the one we gave, if there is one by now. */
  readonly renew?: () => Promise<AccessTokens>;
  /** Tells of newer tokens before the ones before end; the result ends it. */
  readonly onRenewed?: (listener: (tokens: AccessTokens) => void) => () => void;
  /** The saved login that it is of. */
  readonly seed?: { readonly id: string; readonly mode: SeedMode };
  /** What of the configuration of that is to hold, unless the run says otherwise. */
  readonly settings?: SeedSettings;
  /** The login that is to lie in the home of codex. */
  readonly file?: LentFile;
  /** Says that the provider refuses more, since a limit is used up. */
  readonly noteLimit?: () => Promise<void>;
  /** Says that the provider has refused to renew it, by name or otherwise, where Codex does that by itself. */
  readonly noteRefused?: (isByName: boolean) => Promise<void>;
  /** Gives it back; nothing uses it any more. */
  readonly release?: () => Promise<void>;
}

export interface LoginOptions {
  readonly host: Host;
  readonly config: Pick<SessionConfig, 'provider'>;
  /** OUR environment, where keys are looked for. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's own CODEX_HOME. */
  readonly userCodexHome: string;
  readonly now?: () => number;
}

/**
 * Finds a login: the provider's key, then OPENAI_API_KEY, then the login in the user's own CODEX_HOME, which is lent and
 * never copied or refreshed: its refresh token works once. Throws `login-missing`, whose field is the variable that holds no key,
 * and `login-expired`.
 */
export async function findLogin(options: LoginOptions): Promise<SessionLogin> {
  const { provider } = options.config;
  if (provider) {
    if (!provider.keyVariable) return { label: `no key, for ${provider.name ?? provider.baseUrl}` };
    const apiKey = options.env[provider.keyVariable];
    if (!apiKey) {
      throw new OptioError('login-missing', `the variable ${provider.keyVariable} is not set`, {
        field: provider.keyVariable,
        remedy: `Put the key of ${provider.baseUrl} into it, or name another variable.`,
      });
    }
    return { label: `key from ${provider.keyVariable}`, give: async () => ({ type: 'apiKey', apiKey }) };
  }
  const apiKey = options.env[KEY_VARIABLE];
  if (apiKey) return { label: 'API key from OPENAI_API_KEY', give: async () => ({ type: 'apiKey', apiKey }) };
  const stored = await readStored(options);
  if (!stored) throw missing(options.userCodexHome);
  const { OPENAI_API_KEY: storedKey } = stored;
  if (storedKey) {
    const give = async () => ({ type: 'apiKey', apiKey: storedKey }) as const;
    return { label: `API key from ${options.userCodexHome}`, give };
  }
  const lent = lend(stored, options);
  return {
    label: `${describeAccount(stored)}, lent from ${options.userCodexHome}`,
    give: async () => ({ type: 'chatgptAuthTokens', ...lent }),
    renew: async () => {
      const newer = await readStored(options);
      const fresh = newer && lend(newer, options);
      if (!fresh || fresh.accessToken === lent.accessToken) throw expired(options.userCodexHome, 'was refused');
      return fresh;
    },
  };
}

interface StoredLogin {
  readonly OPENAI_API_KEY?: string | null;
  readonly tokens?: { readonly access_token?: string; readonly id_token?: string; readonly account_id?: string } | null;
}

async function readStored({ host, userCodexHome }: LoginOptions): Promise<StoredLogin | undefined> {
  const file = join(userCodexHome, 'auth.json');
  if (!(await host.exists(file))) return undefined;
  try {
    const stored = JSON.parse((await host.readFile(file)).toString('utf8')) as StoredLogin;
    return stored.OPENAI_API_KEY || stored.tokens?.access_token ? stored : undefined;
  } catch (cause) {
    throw new OptioError('login-missing', `${file} cannot be read as a login`, {
      // What the parser says quotes the file.
      ...(!(cause instanceof SyntaxError) && { cause }),
      field: KEY_VARIABLE,
      remedy: 'Run `codex login` once.',
    });
  }
}

function lend(stored: StoredLogin, options: LoginOptions): AccessTokens {
  const accessToken = stored.tokens?.access_token ?? '';
  const claims = readClaims(accessToken);
  const now = options.now?.() ?? Date.now();
  if (typeof claims.exp !== 'number' || claims.exp * 1000 < now + MIN_LIFE_MS) {
    throw expired(options.userCodexHome, 'has less than 30 minutes to live');
  }
  const identity = readClaims(stored.tokens?.id_token ?? '');
  const auth = { ...authClaims(claims), ...authClaims(identity) };
  const chatgptAccountId = stored.tokens?.account_id ?? auth.chatgpt_account_id;
  if (!chatgptAccountId) throw expired(options.userCodexHome, 'names no account');
  return { accessToken, chatgptAccountId, chatgptPlanType: auth.chatgpt_plan_type ?? null };
}

function describeAccount(stored: StoredLogin): string {
  const identity = readClaims(stored.tokens?.id_token ?? '');
  return `ChatGPT login${typeof identity.email === 'string' ? ` of ${identity.email}` : ''}`;
}

function readClaims(token: string): Record<string, unknown> {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}

function authClaims(claims: Record<string, unknown>): { chatgpt_account_id?: string; chatgpt_plan_type?: string } {
  return (claims['https://api.openai.com/auth'] ?? {}) as Record<string, string>;
}

function missing(userCodexHome: string): OptioError {
  return new OptioError('login-missing', `there is no login: no OPENAI_API_KEY and none in ${userCodexHome}`, {
    field: KEY_VARIABLE,
    remedy:
      'Set OPENAI_API_KEY, or run `codex login` once, or name a provider of your own (--provider URL, in a program `provider`). ' +
      'To see a session without any account, run the demo.',
  });
}

function expired(userCodexHome: string, what: string): OptioError {
  return new OptioError('login-expired', `the ChatGPT token in ${userCodexHome} ${what}`, {
    remedy: 'Run `codex` once: it renews its own login. We never do, since its refresh token works only once.',
  });
}
