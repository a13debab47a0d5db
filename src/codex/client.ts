import type { CallOptions, IncomingRequest, RpcConnection } from '../rpc/connection.ts';
import type { ClientCalls, ServerNotifications, ServerRequests } from './protocol/methods.ts';

/** A method that Codex may call on us, as the pinned version knows it. A newer Codex may know more. */
export type ServerRequestMethod = keyof ServerRequests;
export type ServerNotificationMethod = keyof ServerNotifications;

/** A notification as Codex sends it. */
export type CodexNotification = {
  [M in ServerNotificationMethod]: { readonly method: M; readonly params: ServerNotifications[M] };
}[ServerNotificationMethod];

/** The calls of the app-server protocol, typed by its generated map. */
export class CodexClient {
  readonly #connection: RpcConnection;

  constructor(connection: RpcConnection) {
    this.#connection = connection;
  }

  /** Calls a method. What it throws: see `RpcConnection.call`. The result is as the pinned Codex promises it. */
  async call<M extends keyof ClientCalls>(
    method: M,
    params: ClientCalls[M]['params'],
    options?: CallOptions,
  ): Promise<ClientCalls[M]['result']> {
    return (await this.#connection.call(method, params, options)) as ClientCalls[M]['result'];
  }

  /** Completes the handshake; the only thing that Codex wants to be told without being asked. */
  initialized(): Promise<void> {
    return this.#connection.notify('initialized');
  }

  respond(request: IncomingRequest, result: unknown): Promise<void> {
    return this.#connection.respond(request.id, result);
  }

  refuse(request: IncomingRequest, message: string): Promise<void> {
    return this.#connection.refuse(request.id, message);
  }
}
