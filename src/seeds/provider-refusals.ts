import { REFUSED, reasonInWords } from '../contract/seed-reason.ts';
import { OptioError } from '../errors.ts';
import type { RefreshResult } from './token-endpoint.ts';

/** The provider has definitely refused a login. `why`: the reason of its seed. */
export class LoginRefused extends OptioError {
  /** The provider's word for it, where it was asked just now. */
  readonly refusal: string;

  constructor(seedId: string, why: string, refusal = 'token_expired') {
    super('login-expired', `the login ${seedId} is no good any more: ${reasonInWords(why)}`, {
      remedy: `Log in again: optio-codex seed add ${seedId} --again`,
    });
    this.refusal = refusal;
  }
}

interface UnrenewedOptions {
  readonly retryAfterMs?: number | undefined;
  readonly isRefusal?: boolean;
}

/** Why a login got no newer token now, which says nothing about the login. */
export class Unrenewed extends OptioError {
  /** So long the provider wants to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The provider has refused it, and nobody knows whether for good. */
  readonly isRefusal: boolean;

  constructor(seedId: string, why: string, { retryAfterMs, isRefusal = false }: UnrenewedOptions = {}) {
    super('call-failed', `the login ${seedId} got no newer token: ${why}`, {
      remedy: 'Look whether the provider can be reached; it is tried again by itself.',
    });
    this.retryAfterMs = retryAfterMs;
    this.isRefusal = isRefusal;
  }
}

/** Why a refresh has given nothing of use. */
export function unrenewedBy(seedId: string, result: RefreshResult | undefined): LoginRefused | Unrenewed {
  if (!result) return new Unrenewed(seedId, 'the refresh was broken off');
  if (result.kind === 'refused') return new LoginRefused(seedId, `${REFUSED}${result.code}`, result.code);
  if (result.kind === 'refreshed') return new Unrenewed(seedId, 'what has come is over already, or of no use');
  const { why, detail, retryAfterMs } = result;
  return new Unrenewed(seedId, `${why}, ${detail}`, { retryAfterMs, isRefusal: why === 'unexpected' });
}
