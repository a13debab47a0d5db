import { reasonInWords } from '../contract/seed-reason.ts';
import { OptioError } from '../errors.ts';

/** The provider has definitely refused a login. `why`: the reason of its seed. */
export function loginRefused(seedId: string, why: string): OptioError {
  return new OptioError('login-expired', `the login ${seedId} is no good any more: ${reasonInWords(why)}`, {
    remedy: `Log in again: optio-codex seed add ${seedId} --again`,
  });
}

/** Why a login got no newer token now, which says nothing about the login. */
export class Unrenewed extends OptioError {
  /** So long the provider wants to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(seedId: string, why: string, retryAfterMs?: number) {
    super('call-failed', `the login ${seedId} got no newer token: ${why}`, {
      remedy: 'Look whether the provider can be reached; it is tried again by itself.',
    });
    this.retryAfterMs = retryAfterMs;
  }
}
