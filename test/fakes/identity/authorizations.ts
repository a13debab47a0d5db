import { createHash, randomBytes } from 'node:crypto';
import type { Account } from './account.ts';
import type { Ledger } from './ledger.ts';
import { makeOpaque } from './tokens.ts';

interface Authorization {
  readonly account: Account;
  readonly redirectUri: string;
  readonly challenge: string;
}

/** The codes that stand for somebody's consent until they are exchanged. Each works once, and only for who asked. */
export class Authorizations {
  readonly #codes = new Map<string, Authorization>();
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** A code; whoever knows what the challenge was made of can exchange it. */
  grant(authorization: Authorization): string {
    const code = makeOpaque('ac');
    this.#codes.set(code, authorization);
    this.#ledger.secrets.add(code);
    return code;
  }

  /** Whose consent it stands for; undefined when it is none, or was taken before, or comes from somebody else. */
  take(code: string, redirectUri: string, verifier: string): Account | undefined {
    const authorization = this.#codes.get(code);
    if (!authorization) return undefined;
    this.#codes.delete(code);
    const isTheirs = authorization.redirectUri === redirectUri && authorization.challenge === challengeOf(verifier);
    return isTheirs ? authorization.account : undefined;
  }
}

/** A secret of PKCE. */
export function makeVerifier(): string {
  return randomBytes(48).toString('base64url');
}

export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
