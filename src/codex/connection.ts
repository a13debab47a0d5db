import { setTimeout as delay } from 'node:timers/promises';
import { OptioError } from '../errors.ts';
import { RpcConnection, type RpcReceiver } from '../rpc/connection.ts';
import type { HeartbeatOptions, Silence } from '../rpc/heartbeat.ts';
import type { Transport } from '../rpc/transport.ts';
import type { CodexLink } from './attachment.ts';
import { Backlog } from './backlog.ts';
import { CodexClient } from './client.ts';

/** How long a lost connection may take to come back, in milliseconds. */
const RECONNECT_DEADLINE_MS = 30_000;
const TOO_MUCH = 'Codex told more than can be kept while its connection was made anew';

export interface CodexConnectionOptions {
  readonly link: CodexLink;
  readonly callDeadlineMs: number;
  /** Where the transport can be asked for signs of life. */
  readonly heartbeat?: HeartbeatOptions;
  readonly receiver: Omit<RpcReceiver, 'onClose'>;
  /** Takes the conversation up again over a new connection; `isRetry` when an earlier one broke over that. */
  readonly restore: (client: CodexClient, reason: OptioError, isRetry: boolean) => Promise<void>;
  /** Nothing comes any more, and no connection will be made anew. */
  readonly onEnd: (reason: OptioError) => void;
}

/**
 * The connection to one app-server. When it is lost while the process lives on, and the link knows how to make it
 * anew, it does so; calls that were under way are rejected all the same, for their callers know best what to repeat.
 */
export class CodexConnection {
  readonly #options: CodexConnectionOptions;
  #rpc: RpcConnection;
  #client: CodexClient;
  #reconnecting: Promise<boolean> | undefined;
  /** What is told while a thread is taken up, which comes after all that was missed. */
  #held: Backlog | undefined;
  #hasExited = false;
  #endReason: OptioError | undefined;

  constructor(options: CodexConnectionOptions) {
    this.#options = options;
    [this.#rpc, this.#client] = this.#connect(options.link.transport);
    const exited = () => {
      this.#hasExited = true;
    };
    options.link.exited?.then(exited, exited);
  }

  /** The calls of the newest connection. */
  get client(): CodexClient {
    return this.#client;
  }

  start(): void {
    this.#rpc.start();
  }

  /** Codex gives no sign of life. */
  get isSilent(): boolean {
    return this.#rpc.isSilent;
  }

  /** After a loss: true once there is a connection again, false when there will be none. */
  async reconnected(): Promise<boolean> {
    return this.#reconnecting ?? this.#endReason === undefined;
  }

  /** Ends it for good, for this reason. */
  end(reason: OptioError): void {
    this.#endReason ??= reason;
    this.#rpc.close(reason);
  }

  /** Keeps back what is told from now on; the result tells it. */
  hold(): () => void {
    const held = new Backlog();
    this.#held = held;
    return () => {
      if (this.#held !== held) return; // the connection has broken since, and another one tells its own
      this.#held = undefined;
      held.release();
    };
  }

  #connect(transport: Transport): [RpcConnection, CodexClient] {
    const { receiver: owner } = this.#options;
    const receiver: RpcReceiver = {
      onValue: (value, bytes) => this.#hand(rpc, () => owner.onValue?.(value, bytes), bytes),
      // Two names for the same value, which was counted above.
      onNotification: (method, params, bytes) => this.#hand(rpc, () => owner.onNotification(method, params, bytes)),
      onRequest: (request, bytes) => this.#hand(rpc, () => owner.onRequest?.(request, bytes)),
      onSilence: (silence) => this.#onSilence(rpc, silence),
      onNoise: (noise, bytes) => this.#hand(rpc, () => owner.onNoise?.(noise, bytes), bytes),
      onClose: (reason) => this.#onClose(rpc, reason),
    };
    const { callDeadlineMs, heartbeat } = this.#options;
    const rpc = new RpcConnection(transport, receiver, { callDeadlineMs, heartbeat });
    return [rpc, new CodexClient(rpc)];
  }

  #onSilence(rpc: RpcConnection, silence: Silence): void {
    if (rpc !== this.#rpc) return;
    this.#options.receiver.onSilence?.(silence);
    if (silence.kind === 'tooLong') this.end(unresponsive(silence.since));
  }

  /** What is too much is not lost: a connection that comes after this one tells all of it that still counts. */
  #hand(rpc: RpcConnection, tell: () => void, bytes = 0): void {
    if (rpc !== this.#rpc) return;
    if (!this.#held) tell();
    else if (!this.#held.add(tell, bytes)) rpc.close(new OptioError('overloaded', TOO_MUCH));
  }

  #onClose(rpc: RpcConnection, reason: OptioError): void {
    if (rpc !== this.#rpc || this.#reconnecting !== undefined) return; // a loss while reconnecting is the loop's to see
    if (this.#endReason || !this.#options.link.reconnect) {
      this.#endReason ??= reason;
      this.#options.onEnd(this.#endReason);
      return;
    }
    this.#reconnecting = this.#reconnect(this.#options.link.reconnect, reason);
  }

  async #reconnect(connect: () => Promise<Transport>, reason: OptioError): Promise<boolean> {
    const deadline = performance.now() + RECONNECT_DEADLINE_MS;
    let isRetry = false;
    for (let pauseMs = 20; !this.#endReason; pauseMs = Math.min(2_000, pauseMs * 2)) {
      let rpc: RpcConnection | undefined;
      try {
        [rpc, this.#client] = this.#connect(await connect());
        this.#rpc = rpc;
        if (this.#endReason) break;
        const release = this.hold();
        rpc.start();
        await this.#options.restore(this.#client, reason, isRetry);
        if (rpc.endReason) throw rpc.endReason;
        release();
        this.#reconnecting = undefined; // at once, or a loss from here on would go unseen
        return true;
      } catch (error) {
        const broken = rpc?.endReason;
        isRetry ||= broken !== undefined && broken.code !== 'overloaded'; // it was not the history that was too much
        rpc?.close(reason); // a connection that is not taken up must not go on telling
        if (error instanceof OptioError && error.code === 'sandbox-changed') this.#endReason ??= error;
        const isDead = this.#hasExited || (error instanceof OptioError && error.code === 'codex-exited');
        if (isDead || performance.now() + pauseMs > deadline) {
          const why = `the connection is lost (${reason.message}) and cannot be made anew: ${(error as Error).message}`;
          this.#endReason ??= new OptioError('connection-closed', why, {
            cause: error,
            remedy: 'Start again, and resume the thread.',
          });
          break;
        }
        await delay(pauseMs);
      }
    }
    this.#rpc.close(this.#endReason);
    this.#options.onEnd(this.#endReason);
    return false;
  }
}

/** It lives, and gives no sign of it. */
export function unresponsive(since: Date): OptioError {
  return new OptioError('codex-unresponsive', `codex does not answer since ${since.toISOString()}`, {
    remedy: 'Look at what keeps it from that: a process that was stopped, a machine without memory, a disk that hangs.',
  });
}
