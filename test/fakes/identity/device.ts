import { randomBytes } from 'node:crypto';
import type { Account } from './account.ts';
import { type Authorizations, challengeOf, makeVerifier } from './authorizations.ts';
import { type Asked, fieldsOf, type Reply, refuse } from './exchange.ts';
import { accountChoice, page } from './pages.ts';
import { CLIENT_ID } from './tokens.ts';

interface Device {
  readonly id: string;
  readonly userCode: string;
  state: 'pending' | 'denied' | 'expired' | Account;
}

/** The logins of machines without a browser: a code that a person types in elsewhere. */
export class Devices {
  /** How long codex is told to wait between two questions, in seconds. */
  intervalSeconds = 1;
  readonly #devices: Device[] = [];
  readonly #authorizations: Authorizations;
  readonly #accounts: readonly Account[];

  constructor(authorizations: Authorizations, accounts: readonly Account[]) {
    this.#authorizations = authorizations;
    this.#accounts = accounts;
  }

  /** Lets a person type the code in and consent, deny it, or come too late. Throws for a code that was never shown. */
  decide(userCode: string, decision: Account | 'denied' | 'expired'): void {
    const device = this.#byCode(userCode);
    if (!device) throw new Error(`no device shows the code ${userCode}`);
    device.state = decision;
  }

  /** `POST /api/accounts/deviceauth/usercode` */
  start(asked: Asked): Reply {
    if (fieldsOf(asked).client_id !== CLIENT_ID) return refuse(401, 'invalid_client');
    const letters = randomBytes(5).toString('hex').toUpperCase();
    const userCode = `${letters.slice(0, 4)}-${letters.slice(4, 9)}`;
    const device: Device = { id: `deviceauth_${randomBytes(12).toString('hex')}`, userCode, state: 'pending' };
    this.#devices.push(device);
    const interval = String(this.intervalSeconds);
    return { status: 200, body: { device_auth_id: device.id, user_code: userCode, interval } };
  }

  /** `POST /api/accounts/deviceauth/token`: 403 for as long as nobody has consented. The answer comes once. */
  poll(asked: Asked): Reply {
    const { device_auth_id, user_code } = fieldsOf(asked);
    const device = this.#devices.find(({ id, userCode }) => id === device_auth_id && userCode === user_code);
    if (!device || device.state === 'pending') return refuse(403, 'deviceauth_authorization_pending');
    if (device.state === 'denied') return refuse(400, 'access_denied');
    if (device.state === 'expired') return refuse(400, 'expired_token');
    const verifier = makeVerifier();
    const challenge = challengeOf(verifier);
    const redirectUri = `${asked.url.origin}/deviceauth/callback`;
    const code = this.#authorizations.grant({ account: device.state, redirectUri, challenge });
    this.#devices.splice(this.#devices.indexOf(device), 1);
    return { status: 200, body: { authorization_code: code, code_challenge: challenge, code_verifier: verifier } };
  }

  /** `/codex/device`: where the person goes, and what they send from there. */
  visit(asked: Asked): Reply {
    if (asked.method !== 'POST') {
      const field = '<label>Code <input name="code" autofocus></label>';
      return page('Enter the code', `<form method="post">${field}${accountChoice(this.#accounts)}</form>`);
    }
    const { code = '', account = '' } = fieldsOf(asked);
    const device = this.#byCode(code.trim().toUpperCase());
    const chosen = this.#accounts.find(({ id }) => id === account);
    if (!device || !chosen) return page('This code is not valid', '<a href="/codex/device">Try again</a>', 400);
    device.state = chosen;
    return page('Signed in to Codex', 'You may now close this page.');
  }

  #byCode(userCode: string): Device | undefined {
    return this.#devices.find((device) => device.userCode === userCode);
  }
}
