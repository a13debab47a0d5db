import type { Authorizations } from './authorizations.ts';
import { type Asked, fieldsOf, type Reply, refuse } from './exchange.ts';
import type { Issued, Lineages, Refusal } from './lineages.ts';
import { CLIENT_ID } from './tokens.ts';

const WORDS: Readonly<Record<Refusal, string>> = {
  refresh_token_reused: 'Your refresh token has already been used to generate a new access token.',
  refresh_token_expired: 'Your refresh token has expired.',
  refresh_token_invalidated: 'Your refresh token has been invalidated.',
  token_expired: 'Could not validate your token.', // one that the provider has never seen
};

/** What tokens are asked for by. */
export function grantOf(asked: Asked): string {
  return fieldsOf(asked).grant_type ?? '';
}

/** `POST /oauth/token` with a refresh token. */
export function refreshTokens(lineages: Lineages, asked: Asked): Reply {
  const { client_id, refresh_token } = fieldsOf(asked);
  if (client_id !== CLIENT_ID) return refuse(401, 'invalid_client');
  if (!refresh_token) return refuse(400, 'missing_required_parameter');
  const issued = lineages.refresh(refresh_token, asked.userAgent);
  if (typeof issued === 'string') return refuse(401, issued, WORDS[issued]);
  const { refresh_token: next, ...others } = toBody(issued);
  return { status: 200, body: next === refresh_token ? others : { ...others, refresh_token: next } };
}

/** `POST /oauth/token` with the code that a consent gave. */
export function exchangeCode(authorizations: Authorizations, lineages: Lineages, asked: Asked): Reply {
  const { client_id, code = '', redirect_uri = '', code_verifier = '' } = fieldsOf(asked);
  if (client_id !== CLIENT_ID) return refuse(401, 'invalid_client');
  const account = authorizations.take(code, redirect_uri, code_verifier);
  if (!account) return refuse(400, 'invalid_grant', 'The authorization code is not valid.');
  return { status: 200, body: toBody(lineages.begin(account, 'login', asked.userAgent)) };
}

/** `POST /oauth/revoke`: whatever token of a login it is, the login ends; an unknown one is no error. */
export function revokeToken(lineages: Lineages, asked: Asked): Reply {
  const { token } = fieldsOf(asked);
  if (!token) return refuse(400, 'missing_required_parameter');
  lineages.revoke(token, asked.userAgent);
  return { status: 200 };
}

function toBody({ idToken, accessToken, refreshToken }: Issued): Record<string, string> {
  return { id_token: idToken, access_token: accessToken, refresh_token: refreshToken };
}
