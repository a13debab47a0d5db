import type { Account } from './account.ts';
import type { Authorizations } from './authorizations.ts';
import { type Asked, fieldsOf, type Reply, refuse } from './exchange.ts';
import { accountChoice, page } from './pages.ts';
import { CLIENT_ID } from './tokens.ts';

/** Where the provider sends a browser back to: a machine's own address only. */
const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1):\d+\/auth\/callback$/;

/** `/oauth/authorize`: asks the person, and sends their browser back with a code. */
export class BrowserLogins {
  readonly #authorizations: Authorizations;
  readonly #accounts: readonly Account[];

  constructor(authorizations: Authorizations, accounts: readonly Account[]) {
    this.#authorizations = authorizations;
    this.#accounts = accounts;
  }

  visit(asked: Asked): Reply {
    const wrong = whatIsWrong(asked.url.searchParams);
    if (wrong) return refuse(400, wrong);
    if (asked.method !== 'POST') {
      return page('Sign in to Codex', `<form method="post">${accountChoice(this.#accounts)}</form>`);
    }
    const chosen = this.#accounts.find(({ id }) => id === fieldsOf(asked).account);
    if (!chosen) return refuse(400, 'unknown_account');
    return { status: 302, headers: { location: this.consent(asked.url, chosen) } };
  }

  /** Where the browser of somebody who consents is sent to. Throws for an address that the provider would refuse. */
  consent(authUrl: string | URL, account: Account): string {
    const { searchParams } = new URL(authUrl);
    const wrong = whatIsWrong(searchParams);
    if (wrong) throw new Error(`the provider refuses to ask: ${wrong}`);
    const redirectUri = searchParams.get('redirect_uri') ?? '';
    const code = this.#authorizations.grant({
      account,
      redirectUri,
      challenge: searchParams.get('code_challenge') ?? '',
    });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', searchParams.get('state') ?? '');
    return back.href;
  }
}

function whatIsWrong(params: URLSearchParams): string | undefined {
  if (params.get('client_id') !== CLIENT_ID) return 'invalid_client';
  if (params.get('response_type') !== 'code') return 'unsupported_response_type';
  if (!LOOPBACK.test(params.get('redirect_uri') ?? '')) return 'invalid_redirect_uri';
  if (!params.get('state')) return 'missing_state';
  return params.get('code_challenge') && params.get('code_challenge_method') === 'S256' ? undefined : 'missing_pkce';
}
