import { randomBytes } from 'node:crypto';

/** What tells a gate token from whatever a provider gives. */
const PREFIX = 'optio-gate-';

interface StoredAuth {
  readonly tokens?: { readonly refresh_token?: unknown } | null;
}

/** A new one. It opens nothing but our gate. */
export function makeGateToken(): string {
  return `${PREFIX}${randomBytes(32).toString('base64url')}`;
}

/** Whether something stands in the place of a refresh token, and is none. */
export function isGateToken(token: string): boolean {
  return token.startsWith(PREFIX);
}

/** The login as a codex gets it that renews it at our gate: everything but its refresh token. */
export function withGateToken(auth: string, token: string): string {
  const stored = JSON.parse(auth) as StoredAuth;
  return `${JSON.stringify({ ...stored, tokens: { ...stored.tokens, refresh_token: token } }, null, 2)}\n`;
}

/** The gate token in an auth.json, which may be anything; undefined where there is none. */
export function gateTokenIn(auth: string): string | undefined {
  try {
    const token = (JSON.parse(auth) as StoredAuth | null)?.tokens?.refresh_token;
    return typeof token === 'string' && isGateToken(token) ? token : undefined;
  } catch {
    return undefined;
  }
}
