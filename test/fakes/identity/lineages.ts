import type { Account } from './account.ts';
import type { Ledger } from './ledger.ts';
import { expiryOf, makeAccessToken, makeIdToken, makeOpaque } from './tokens.ts';

/** What a login or a refresh gives. */
export interface Issued {
  readonly lineage: string;
  readonly account: Account;
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
}

/** Why a refresh token is refused, in the provider's words. */
export type Refusal = 'refresh_token_reused' | 'refresh_token_expired' | 'refresh_token_invalidated' | 'token_expired';

/**
 * What becomes of a refresh token that comes again: `refuse` it; refuse it and `revoke` the whole login, as providers
 * do that suspect a thief; or `replay` the answer, as providers do that allow for a lost one.
 */
export type OnReuse = 'refuse' | 'revoke' | 'replay';

interface Lineage {
  readonly id: string;
  readonly account: Account;
  generation: number;
  isRevoked: boolean;
  isExpired: boolean;
}

interface RefreshToken {
  readonly lineage: Lineage;
  readonly generation: number;
  /** What its first use gave. */
  successor?: Issued;
}

/** All logins of the provider. A refresh token of one works once, and gives the next. */
export class Lineages {
  /** How long an access token lives that is issued from now on, in seconds. */
  accessTokenSeconds = 3_600;
  /** The same for somebody, by his user agent; undefined where it is as for all. */
  secondsFor: (userAgent: string) => number | undefined = () => undefined;
  onReuse: OnReuse = 'refuse';
  /** Off: a refresh token goes on working, and no other comes with the next access token. */
  rotates = true;
  readonly #ledger: Ledger;
  readonly #refreshTokens = new Map<string, RefreshToken>();
  readonly #accessTokens = new Map<string, { readonly lineage: Lineage; readonly by: string }>();
  readonly #refusedAccess = new Set<string>();
  #count = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** A new login. */
  begin(account: Account, via: string, by: string): Issued {
    const id = `login-${++this.#count}`;
    return this.#issue({ id, account, generation: 0, isRevoked: false, isExpired: false }, via, by);
  }

  /** The next tokens of a login, or why there are none. */
  refresh(refreshToken: string, by: string): Issued | Refusal {
    const known = this.#refreshTokens.get(refreshToken);
    const refusal = known ? this.#refusalOf(known) : 'token_expired';
    const { lineage, generation = -1, successor } = known ?? {};
    if (successor && refusal === undefined) {
      this.#ledger.note({ what: 'replayed', lineage: lineage?.id, generation, via: 'refresh', by, isAgain: true });
      return successor;
    }
    if (!known || refusal) {
      const via = refusal ?? 'token_expired';
      const isAgain = successor !== undefined;
      this.#ledger.note({ what: 'refused', lineage: lineage?.id, generation, via, by, isAgain });
      if (known && via === 'refresh_token_reused' && this.onReuse === 'revoke') this.#end(known.lineage, via, by);
      return via;
    }
    this.#ledger.note({ what: 'used', lineage: known.lineage.id, generation, via: 'refresh', by });
    if (!this.rotates) return this.#issue(known.lineage, 'refresh', by, refreshToken);
    known.lineage.generation++;
    known.successor = this.#issue(known.lineage, 'refresh', by);
    return known.successor;
  }

  /** Ends the login of a token. Gives whether there was one. */
  revoke(token: string, by: string): boolean {
    const lineage = this.#refreshTokens.get(token)?.lineage ?? this.#accessTokens.get(token)?.lineage;
    if (!lineage) return false;
    this.#end(lineage, 'revoke', by);
    return true;
  }

  /** Lets the refresh tokens of a login expire. */
  expire(id: string): void {
    for (const { lineage } of this.#refreshTokens.values()) if (lineage.id === id) lineage.isExpired = true;
  }

  /** Refuses an access token from now on, before its time is over. */
  refuseAccess(accessToken: string): void {
    this.#refusedAccess.add(accessToken);
  }

  /** The same for all that were given to such a user agent. */
  refuseAccessOf(isMeant: (userAgent: string) => boolean): void {
    for (const [token, { by }] of this.#accessTokens) if (isMeant(by)) this.refuseAccess(token);
  }

  /** Whose access token it is; undefined for one that is unknown, over, or refused. */
  accountOf(accessToken: string): Account | undefined {
    const { lineage } = this.#accessTokens.get(accessToken) ?? {};
    if (!lineage || lineage.isRevoked || this.#refusedAccess.has(accessToken)) return undefined;
    return expiryOf(accessToken) > Date.now() / 1000 ? lineage.account : undefined;
  }

  #refusalOf({ lineage, successor }: RefreshToken): Refusal | undefined {
    if (lineage.isRevoked) return 'refresh_token_invalidated';
    if (lineage.isExpired) return 'refresh_token_expired';
    return successor && this.onReuse !== 'replay' ? 'refresh_token_reused' : undefined;
  }

  #end(lineage: Lineage, via: string, by: string): void {
    lineage.isRevoked = true;
    this.#ledger.note({ what: 'revoked', lineage: lineage.id, generation: lineage.generation, via, by });
  }

  #issue(lineage: Lineage, via: string, by: string, kept?: string): Issued {
    const { account, generation } = lineage;
    const seconds = this.secondsFor(by) ?? this.accessTokenSeconds;
    const accessToken = makeAccessToken(account, seconds);
    const idToken = makeIdToken(account, seconds);
    const refreshToken = kept ?? makeOpaque('rt');
    if (!kept) this.#refreshTokens.set(refreshToken, { lineage, generation });
    this.#accessTokens.set(accessToken, { lineage, by });
    for (const secret of [accessToken, idToken, refreshToken]) this.#ledger.secrets.add(secret);
    this.#ledger.setNewest(lineage.id, refreshToken);
    this.#ledger.note({ what: 'issued', lineage: lineage.id, generation, via, by });
    return { lineage: lineage.id, account, accessToken, idToken, refreshToken };
  }
}
