/** What the provider means by the codes with which it refuses a login, or a key, for good. */
const WORDS: Readonly<Record<string, string>> = {
  refresh_token_expired: 'it was not renewed in time',
  refresh_token_reused: 'its refresh token works once, and was used before',
  refresh_token_invalidated: 'it was ended there, as by logging out',
  invalid_refresh_token: 'its refresh token is not known there',
  invalid_grant: 'its refresh token is not taken there any more',
  app_session_expired: 'its session there is over',
  app_session_terminated: 'its session there was ended',
  token_expired: 'its refresh token is no good',
  invalid_api_key: 'the key is not known there, or was removed',
  account_deactivated: 'the account of the key is closed',
};

/** What a reason begins with that ends with the code of the provider. */
export const REFUSED = 'its provider refused it: ';

/** Why a seed is in its state, as a person reads it: the code of the provider stands in brackets after what it means. */
export function reasonInWords(reason: string): string {
  const at = reason.lastIndexOf(REFUSED) + REFUSED.length;
  const code = reason.slice(at);
  const words = at >= REFUSED.length && Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
  return words === undefined ? reason : `${reason.slice(0, at)}${words} (${code})`;
}
