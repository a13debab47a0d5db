import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { GateHolds, GatePass } from '../contract/seed-wish.ts';
import { fromUnknown } from '../errors.ts';
import { listenAsBefore } from './gate-port.ts';
import { type GateReply, gateRefusal, readGateRequest, sendGateReply } from './gate-request.ts';
import { makeGateToken } from './gate-token.ts';
import { isOurUser } from './gate-visitor.ts';
import { LoginRefused, Unrenewed } from './provider-refusals.ts';

/** Whoever has not said what he wants by then is not heard, in milliseconds. */
const REQUEST_MS = 10_000;
/** In the data directory: the port, so that the next process listens there again. */
const PORT_FILE = 'gate.json';

/** What a codex gets in the place of the tokens that it has. Its refresh token, which opens the gate only, stays the same. */
export interface GateTokens {
  readonly accessToken: string;
  readonly idToken: string | null;
}

/** A login that codex renews at the gate. */
export interface GateLogin {
  /** It was given back: nobody is to use it any more. */
  readonly isReleased: boolean;
  /**
   * Gives newer tokens than the access token that a codex `held`, by a refresh where there are none. Throws `LoginRefused`, `Unrenewed`,
   * `lease-lost`, and what else keeps it from that.
   */
  renewed(held: string | undefined, isRefused: boolean): Promise<GateTokens>;
}

interface Guest {
  readonly digest: Buffer;
  readonly port: number | undefined;
  /** Undefined where it could not be lent. */
  readonly login: Promise<GateLogin | undefined>;
  readonly holds: GateHolds;
}

/**
 * Where a codex renews a login that lies in its home: it has all of it but the refresh token, and a gate token in the place of that. So
 * a login is refreshed by us only, whoever dies meanwhile. It listens on loopback, from when the first one is planted.
 */
export class RefreshGate {
  readonly #file: string;
  readonly #guests = new Map<string, Guest>();
  #server: Server | undefined;
  #opening: Promise<number> | undefined;
  #port: number | undefined;
  #isClosed = false;

  /** `directory`: that of the seeds in the data directory. */
  constructor(directory: string) {
    this.#file = join(directory, PORT_FILE);
  }

  /** Lets a codex in that is about to be started. Throws where the gate cannot be opened at all. */
  async admit(login: GateLogin, holds: GateHolds): Promise<GatePass> {
    const pass = { token: makeGateToken(), port: await this.#open() };
    this.expect(pass, Promise.resolve(login), holds);
    return pass;
  }

  /**
   * Lets one in that a process before us has let in; false where somebody else listens by now where it asks. Whoever does so has heard
   * its gate token: elsewhere that is good for nothing.
   */
  async readmit(pass: GatePass, login: GateLogin, holds: GateHolds): Promise<boolean> {
    this.expect(pass, Promise.resolve(login), holds);
    return (await this.#open()) === pass.port;
  }

  /** Knows one that a process before us has let in, before the gate is open: what is not known there is refused for good. */
  expect({ token, port }: GatePass, login: Promise<GateLogin | undefined>, holds: GateHolds): void {
    void this.#forgetReleased();
    login.catch(() => {}); // whoever waits for it is told
    this.#guests.set(token, { digest: digestOf(token), port, login, holds });
  }

  /** Opens it, where that is not done. */
  async open(): Promise<void> {
    await this.#open();
  }

  /** Answers nothing any more, and frees the port. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => {});
    const server = this.#server;
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  #open(): Promise<number> {
    this.#opening ??= this.#listen().catch((thrown) => {
      this.#opening = undefined;
      throw thrown;
    });
    return this.#opening;
  }

  async #listen(): Promise<number> {
    const server = createServer({ requestTimeout: REQUEST_MS }, (request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.#port = await listenAsBefore(server, this.#file);
    server.unref();
    this.#server = server;
    return this.#port;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    const asked = await readGateRequest(request);
    sendGateReply(response, 'status' in asked ? asked : await this.#answer(asked, request));
  }

  async #answer(
    { token, isRefused }: { readonly token: string; readonly isRefused: boolean },
    { socket }: IncomingMessage,
  ): Promise<GateReply> {
    const guest = this.#guestOf(token);
    const isKnown = guest && guest.port === this.#port && (await isOurUser(socket));
    if (!isKnown) return gateRefusal(401, 'gate_token_unknown', 'this is no gate token of a login that is lent');
    try {
      const login = await guest.login;
      if (!login || this.#isClosed) return gateRefusal(503, 'login_unavailable', 'the login is not here yet');
      if (login.isReleased) return gateRefusal(401, 'gate_token_unknown', 'the login was given back');
      const held = await guest.holds().catch(() => undefined);
      const { accessToken, idToken } = await login.renewed(held, isRefused);
      return { status: 200, body: { access_token: accessToken, ...(idToken !== null && { id_token: idToken }) } };
    } catch (thrown) {
      return replyTo(thrown, isRefused);
    }
  }

  /** Looks at all of them, however early it is found: how long that takes tells nothing. */
  #guestOf(token: string): Guest | undefined {
    const asked = digestOf(token);
    let found: Guest | undefined;
    for (const guest of this.#guests.values()) if (timingSafeEqual(guest.digest, asked)) found = guest;
    return found;
  }

  async #forgetReleased(): Promise<void> {
    for (const [token, guest] of [...this.#guests]) {
      const isReleased = (await guest.login.catch(() => undefined))?.isReleased ?? false;
      if (isReleased && this.#guests.get(token) === guest) this.#guests.delete(token);
    }
  }
}

/**
 * A refusal for good ends what codex tries, in the words that it has for it; after anything else it goes on with the token that it has,
 * and asks again.
 */
function replyTo(thrown: unknown, isRefused: boolean): GateReply {
  const { code, message } = fromUnknown(thrown);
  if (thrown instanceof LoginRefused) return gateRefusal(401, thrown.refusal, message);
  if (code === 'lease-lost') return gateRefusal(401, 'lease_lost', message);
  // It may be one for good, in words that we do not know.
  if (isRefused && thrown instanceof Unrenewed && thrown.isRefusal) return gateRefusal(401, 'unknown_refusal', message);
  return gateRefusal(503, 'temporarily_unavailable', message);
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
