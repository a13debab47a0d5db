import { OptioError } from '../errors.ts';
import { RpcConnection } from '../rpc/connection.ts';
import type { Transport } from '../rpc/transport.ts';
import { CodexClient } from './client.ts';
import { introduce } from './handshake.ts';
import type { AccountLoginCompletedNotification } from './protocol/v2/AccountLoginCompletedNotification.ts';

/** It asks the provider for a code first. */
const BEGIN_DEADLINE_MS = 45_000;
const CANCEL_DEADLINE_MS = 3_000;

/** How somebody logs in: with a code on any device, or in a browser that comes back to the machine of codex. */
export type AccountLoginType = 'chatgptDeviceCode' | 'chatgpt';

/** What codex says of the end of a login. `isComplete` may be false although it has written one down. */
interface AccountLoginEnd {
  readonly isComplete: boolean;
  /** In the words of codex, which may quote the provider; null when all is well. */
  readonly error: string | null;
}

/** A login with ChatGPT that codex waits for. */
export interface AccountLogin {
  /** Where somebody logs in. */
  readonly url: string;
  /** What to enter there; null for a browser. */
  readonly userCode: string | null;
  /** Rejects with `connection-closed` and the like when codex ends before. */
  readonly end: Promise<AccountLoginEnd>;
  /** Codex waits for it no longer, as far as it can be told. */
  cancel(): Promise<void>;
}

/**
 * Lets a codex that nobody has talked with begin a login with ChatGPT, which it then keeps by itself. Throws `call-failed` when it
 * refuses, and whatever a connection throws that breaks.
 */
export async function beginAccountLogin(transport: Transport, type: AccountLoginType): Promise<AccountLogin> {
  const ends: AccountLoginCompletedNotification[] = [];
  const end = Promise.withResolvers<AccountLoginEnd>();
  end.promise.catch(() => {}); // whoever begins may not come so far as to wait for it
  let loginId: string | undefined;
  /** It may be told before the call that began it is answered. */
  const look = () => {
    const mine = ends.find((told) => told.loginId === loginId);
    if (loginId !== undefined && mine) end.resolve({ isComplete: mine.success, error: mine.error });
  };
  const rpc = new RpcConnection(transport, {
    onNotification(method, params) {
      if (method !== 'account/login/completed') return;
      ends.push(params as AccountLoginCompletedNotification);
      look();
    },
    onRequest({ id, method }) {
      void rpc.refuse(id, `"${method}" is not supported`).catch(() => {});
    },
    onClose: (reason) => end.reject(reason),
  });
  rpc.start();
  const client = new CodexClient(rpc);
  await introduce(client, { agentLabel: 'optio-codex', experimentalApi: true });
  const begun = await client.call('account/login/start', { type }, { deadlineMs: BEGIN_DEADLINE_MS });
  if (begun.type !== 'chatgptDeviceCode' && begun.type !== 'chatgpt') {
    throw new OptioError('call-failed', `codex began a login of another kind: ${begun.type}`);
  }
  const id = begun.loginId;
  loginId = id;
  look();
  return {
    ...(begun.type === 'chatgpt'
      ? { url: begun.authUrl, userCode: null }
      : { url: begun.verificationUrl, userCode: begun.userCode }),
    end: end.promise,
    async cancel() {
      await client.call('account/login/cancel', { loginId: id }, { deadlineMs: CANCEL_DEADLINE_MS }).catch(() => {});
    },
  };
}
