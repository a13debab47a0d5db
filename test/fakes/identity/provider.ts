import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ScriptedModel } from '../../../src/testing/model.ts';
import { type Account, makeAccount } from './account.ts';
import { Authorizations } from './authorizations.ts';
import { checkAccounts, readProfile, readUsage, whoAsks } from './backend.ts';
import { BrowserLogins } from './browser.ts';
import { Devices } from './device.ts';
import { type Asked, answer, type Reply, readAsked, refuse } from './exchange.ts';
import { Faults } from './faults.ts';
import { Ledger } from './ledger.ts';
import { type Issued, Lineages } from './lineages.ts';
import { forward, listModels, refusalOf } from './model.ts';
import { type Endpoint, endpointOf } from './routes.ts';
import { exchangeCode, grantOf, refreshTokens, revokeToken } from './token.ts';
import { makeOpaque } from './tokens.ts';

/** A request that came, and what became of it. */
export interface Seen {
  readonly endpoint: Endpoint;
  readonly host: string;
  readonly path: string;
  readonly userAgent: string;
  readonly authorization: string | undefined;
  readonly accountId: string | undefined;
  readonly body: string;
  /** What was answered; undefined while nothing is, 0 for nothing at all. */
  status: number | undefined;
}

export interface IdentityOptions {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** What answers the requests that hold a good token or key. */
  readonly model: ScriptedModel;
}

/**
 * OpenAI as far as a login knows it: accounts, single-use refresh tokens, logins by device and by browser, usage, and a
 * model that looks at the bearer token. As strict as the real one, with faults by script, and it keeps a ledger.
 */
export class FakeIdentity {
  readonly ledger = new Ledger();
  readonly lineages = new Lineages(this.ledger);
  readonly faults = new Faults<Endpoint>();
  readonly devices: Devices;
  readonly browser: BrowserLogins;
  readonly accounts: Account[] = [];
  readonly apiKeys = new Set<string>();
  /** All requests so far, oldest first. */
  readonly requests: Seen[] = [];
  readonly #authorizations = new Authorizations(this.ledger);
  readonly #model: ScriptedModel;
  readonly #server: Server;

  private constructor({ key, cert, model }: IdentityOptions) {
    this.#model = model;
    this.devices = new Devices(this.#authorizations, this.accounts);
    this.browser = new BrowserLogins(this.#authorizations, this.accounts);
    this.#server = createServer({ key, cert }, (request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    // Codex tries a WebSocket first where it talks with OpenAI itself.
    this.#server.on('upgrade', (_: IncomingMessage, socket: Socket) => {
      socket.end('HTTP/1.1 426 Upgrade Required\r\n\r\n');
    });
  }

  static async start(options: IdentityOptions): Promise<FakeIdentity> {
    const identity = new FakeIdentity(options);
    await new Promise<void>((resolve) => identity.#server.listen(0, '127.0.0.1', resolve));
    return identity;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Where it answers to whoever asks it directly. */
  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  addAccount(given: Parameters<typeof makeAccount>[0] = {}): Account {
    const account = makeAccount(given);
    this.accounts.push(account);
    return account;
  }

  /** A login that somebody made elsewhere, of an account of its own unless told otherwise. */
  login(account: Account = this.addAccount()): Issued {
    return this.lineages.begin(account, 'elsewhere', 'a test');
  }

  makeApiKey(): string {
    const key = `sk-${makeOpaque('fake')}`;
    this.apiKeys.add(key);
    this.ledger.secrets.add(key);
    return key;
  }

  /** The requests at an endpoint. */
  at(endpoint: Endpoint): readonly Seen[] {
    return this.requests.filter((seen) => seen.endpoint === endpoint);
  }

  /** Breaks off what is still being answered and frees the port. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    if (request.method === 'POST' && request.url?.endsWith('/responses')) return this.#serveModel(request, response);
    const asked = await readAsked(request);
    const endpoint = endpointOf(asked.url.pathname, grantOf(asked));
    const seen = this.#note(endpoint, request, asked.body);
    const { fault, meet } = this.faults.take(endpoint, asked.userAgent, asked.body);
    seen.status = await answer(response, () => this.#act(endpoint, asked), fault, meet);
  }

  async #serveModel(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = this.#note('responses', request, '');
    const refusal = refusalOf(request, this.lineages, this.apiKeys);
    const { fault, meet } = this.faults.take('responses');
    if (!fault && !refusal) seen.status = await forward(this.#model, request, response);
    else seen.status = await answer(response, () => refusal ?? refuse(500, 'nothing_to_say'), fault, meet);
  }

  #act(endpoint: Endpoint, asked: Asked): Reply {
    switch (endpoint) {
      case 'refresh':
        return refreshTokens(this.lineages, asked);
      case 'exchange':
        return exchangeCode(this.#authorizations, this.lineages, asked);
      case 'revoke':
        return revokeToken(this.lineages, asked);
      case 'authorize':
        return this.browser.visit(asked);
      case 'device-start':
        return this.devices.start(asked);
      case 'device-poll':
        return this.devices.poll(asked);
      case 'device-page':
        return this.devices.visit(asked);
      default:
        return this.#actForAccount(endpoint, asked);
    }
  }

  #actForAccount(endpoint: Endpoint, asked: Asked): Reply {
    if (endpoint === 'models' && asked.bearer.startsWith('sk-')) return listModels(this.apiKeys, asked.bearer);
    const account = whoAsks(this.lineages, asked);
    if ('status' in account) return account;
    switch (endpoint) {
      case 'accounts':
        return checkAccounts(account, asked);
      case 'usage':
        return readUsage(account);
      case 'profile':
        return readProfile();
      case 'settings':
        return { status: 200, body: {} };
      default:
        return refuse(404, 'not_found'); // the models too: codex brings a list of its own
    }
  }

  #note(endpoint: Endpoint, { headers, url = '' }: IncomingMessage, body: string): Seen {
    const seen: Seen = {
      endpoint,
      host: headers.host ?? '',
      path: url,
      userAgent: headers['user-agent'] ?? '',
      authorization: headers.authorization,
      accountId: headers['chatgpt-account-id'] as string | undefined,
      body,
      status: undefined,
    };
    this.requests.push(seen);
    return seen;
  }
}
