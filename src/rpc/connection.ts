import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fromUnknown, OptioError } from '../errors.ts';
import { rememberCaller } from './callsite.ts';
import { Heartbeat, type HeartbeatOptions, type Silence } from './heartbeat.ts';
import { classifyMessage, type RequestId, toJson } from './message.ts';
import { type Call, type CallAnswer, PendingCalls } from './pending.ts';
import { Slots } from './slots.ts';
import type { Transport } from './transport.ts';

const METHOD_NOT_FOUND = -32601;
/** What Codex answers when it has too much to do; the call was not carried out and may be made again. */
const OVERLOADED = -32001;
/** Codex refuses calls somewhere above 100 at once, and then leaves some without any answer now and then. */
const MAX_IN_FLIGHT = 64;
const CALL_DEADLINE_MS = 60_000;
/** Node takes a longer time for none at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * What the owner of a connection is told. Every member is called in the order of the wire; `bytes` is the size of the
 * message there. One that throws ends the connection with `internal`: what it was told is lost, and to go on would be to
 * go on without it.
 */
export interface RpcReceiver {
  /** Every message, before the member for its kind is called. */
  onValue?(value: unknown, bytes: number): void;
  onNotification(method: string, params: unknown, bytes: number): void;
  /** A request; to be answered once by `respond` or `refuse`. Without this member every request is refused. */
  onRequest?(request: IncomingRequest, bytes: number): void;
  /** Something came that is no message (`bytes` is 0 when it was skipped); the connection goes on. */
  onNoise?(noise: Noise, bytes: number): void;
  /** The peer gives no sign of life, or one again. */
  onSilence?(silence: Silence): void;
  /** The end, once, with its reason. */
  onClose(reason: OptioError): void;
}

export type Noise =
  | { readonly kind: 'unparseable'; readonly text: string }
  | { readonly kind: 'unexpected'; readonly value: unknown }
  | { readonly kind: 'oversized'; readonly bytes: number };

export interface IncomingRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: unknown;
}

export interface RpcConnectionOptions {
  /** How long one call may wait for its answer, in milliseconds, unless the call says otherwise (60,000). */
  readonly callDeadlineMs?: number;
  /** Asks for signs of life, where the transport can. While there are none, calls without a deadline of their own wait. */
  readonly heartbeat?: HeartbeatOptions | undefined;
  /** How many calls may wait for an answer at once; further ones wait their turn (64). */
  readonly maxInFlight?: number;
}

export interface CallOptions {
  /** How long this call may take in all, in milliseconds, with waiting for its turn and trying again. */
  readonly deadlineMs?: number;
  /** The deadline begins anew while the peer gives no sign of life, as it does for a call without one of its own. */
  readonly waitsWhileSilent?: boolean;
}

/** A JSON-RPC conversation over a transport: calls with answers, notifications, requests of the peer. */
export class RpcConnection {
  readonly #transport: Transport;
  readonly #receiver: RpcReceiver;
  readonly #pending = new PendingCalls();
  readonly #slots: Slots;
  readonly #callDeadlineMs: number;
  readonly #ended = new AbortController();
  readonly #heartbeat: Heartbeat | undefined;
  #closed: OptioError | undefined;

  constructor(transport: Transport, receiver: RpcReceiver, options: RpcConnectionOptions = {}) {
    this.#transport = transport;
    this.#receiver = receiver;
    this.#callDeadlineMs = options.callDeadlineMs ?? CALL_DEADLINE_MS;
    const { heartbeat } = options;
    if (heartbeat && transport.ping) {
      const ping = async () => transport.ping?.();
      this.#heartbeat = new Heartbeat(heartbeat, ping, (silence) => this.#tell(() => receiver.onSilence?.(silence)));
    }
    this.#slots = new Slots(options.maxInFlight ?? MAX_IN_FLIGHT);
    setMaxListeners(0, this.#ended.signal); // one for each call that pauses
  }

  /** Why it ended; undefined while it goes on. */
  get endReason(): OptioError | undefined {
    return this.#closed;
  }

  /** The peer gives no sign of life. */
  get isSilent(): boolean {
    return this.#heartbeat?.isSilent ?? false;
  }

  /** Begins to read. */
  start(): void {
    this.#heartbeat?.start();
    this.#transport.start({
      onMessage: (text, bytes) => {
        this.#heartbeat?.heard();
        this.#tell(() => this.#onMessage(text, bytes));
      },
      onOversized: (bytes) => this.#tell(() => this.#receiver.onNoise?.({ kind: 'oversized', bytes }, 0)),
      onClose: (error) => {
        const why = error ? `: ${error.message}` : '';
        this.close(new OptioError('connection-closed', `the peer ended the connection${why}`, { cause: error }));
      },
    });
  }

  /**
   * Calls a method of the peer and gives its result. An overloaded peer is asked again, with growing pauses.
   * Throws `call-failed` (with the peer's words and, as `data`, its error), `call-timeout`, `overloaded`,
   * `invalid-input` (params that are no JSON), what the transport refuses, or the reason of the end; the stack is the
   * caller's.
   */
  async call(method: string, params: unknown, options: CallOptions = {}): Promise<unknown> {
    const failAt = rememberCaller(this.call);
    const deadline = performance.now() + (options.deadlineMs ?? this.#callDeadlineMs);
    for (let attempt = 1; ; attempt++) {
      const { waitsWhileSilent = options.deadlineMs === undefined } = options;
      const isLate = waitsWhileSilent ? () => !this.isSilent : undefined;
      const answer = await this.#callOnce({ method, failAt, isLate }, params, deadline);
      if ('result' in answer) return answer.result;
      const { code, message } = answer.error;
      const pauseMs = Math.min(2_000, 50 * 2 ** attempt) * (0.5 + Math.random() / 2);
      if (code !== OVERLOADED || performance.now() + pauseMs > deadline) {
        const ours = code === OVERLOADED ? 'overloaded' : 'call-failed';
        throw failAt(ours, `"${method}" failed: ${message}`, { data: answer.error });
      }
      await delay(pauseMs, undefined, { signal: this.#ended.signal }).catch(() => {}); // the next attempt tells the end
    }
  }

  /** Tells the peer something that it does not answer. Rejects when it cannot be sent. */
  async notify(method: string, params?: unknown): Promise<void> {
    await this.#send(params === undefined ? { method } : { method, params });
  }

  /** Answers a request of the peer. */
  async respond(id: RequestId, result: unknown): Promise<void> {
    await this.#send({ id, result: result ?? null }); // without a result it would be no answer
  }

  /** Refuses a request of the peer. */
  async refuse(id: RequestId, message: string, code: number = METHOD_NOT_FOUND): Promise<void> {
    await this.#send({ id, error: { code, message } });
  }

  /** Ends the connection for this reason and leaves nothing pending. The first reason stays. */
  close(reason: OptioError): void {
    if (this.#closed) return;
    this.#closed = reason;
    this.#heartbeat?.stop();
    this.#pending.rejectAll(reason);
    this.#slots.rejectAll(reason);
    this.#ended.abort();
    this.#transport.close();
    this.#receiver.onClose(reason);
  }

  async #callOnce(call: Omit<Call, 'deadlineMs'>, params: unknown, deadline: number): Promise<CallAnswer> {
    const { method, failAt } = call;
    const leftMs = () => Math.min(LONGEST_TIMER_MS, Math.max(1, deadline - performance.now()));
    const leave = await this.#slots.take(leftMs(), (reason) =>
      reason
        ? failAt(reason.code, `"${method}" was not sent: ${reason.message}`, { ...reason.details, cause: reason })
        : failAt('call-timeout', `"${method}" waited for its turn until its deadline passed`),
    );
    try {
      return await this.#pending.create({ ...call, deadlineMs: leftMs() }, (id) => this.#send({ id, method, params }));
    } finally {
      leave();
    }
  }

  /** What cannot be written will not be answered either: a failed write is the end. */
  async #send(message: object): Promise<void> {
    if (this.#closed) throw this.#closed;
    try {
      await this.#transport.send(toJson(message));
    } catch (thrown) {
      const error = fromUnknown(thrown, 'connection-closed');
      if (error.code === 'connection-closed') this.close(error);
      throw error;
    }
  }

  #tell(act: () => void): void {
    if (this.#closed) return;
    try {
      act();
    } catch (cause) {
      this.close(new OptioError('internal', `a message could not be handled: ${(cause as Error).message}`, { cause }));
    }
  }

  #onMessage(text: string, bytes: number): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.#receiver.onNoise?.({ kind: 'unparseable', text }, bytes);
      return;
    }
    const message = classifyMessage(value);
    if (message.kind === 'unknown') {
      this.#receiver.onNoise?.({ kind: 'unexpected', value }, bytes);
      return;
    }
    this.#receiver.onValue?.(value, bytes);
    switch (message.kind) {
      case 'notification':
        this.#receiver.onNotification(message.method, message.params, bytes);
        break;
      case 'request':
        if (this.#receiver.onRequest) this.#receiver.onRequest(message, bytes);
        else this.refuse(message.id, `"${message.method}" is not supported`).catch(() => {});
        break;
      case 'result':
        this.#pending.answer(message.id, { result: message.result });
        break;
      case 'error':
        this.#pending.answer(message.id, { error: message.error });
        break;
    }
  }
}
