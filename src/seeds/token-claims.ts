import { decodeJwt } from 'jose';

export type Claims = Readonly<Record<string, unknown>>;

/** What a token says; nothing where it is none that can be read. */
export function claimsOf(token: string | null | undefined): Claims {
  try {
    return decodeJwt(token ?? '');
  } catch {
    return {};
  }
}

/** What a token of OpenAI's says of the account. */
export function authClaimsOf(claims: Claims): Claims {
  const auth = claims['https://api.openai.com/auth'];
  return typeof auth === 'object' && auth !== null ? (auth as Claims) : {};
}

/** A claim that says something. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
