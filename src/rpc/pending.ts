import { OptioError } from '../errors.ts';
import type { FailAt } from './callsite.ts';
import type { RequestId, RpcErrorBody } from './message.ts';

/** What the peer answered to one call. */
export type CallAnswer = { readonly result: unknown } | { readonly error: RpcErrorBody };

export interface Call {
  readonly method: string;
  /** How long the answer may take, in milliseconds. */
  readonly deadlineMs: number;
  readonly failAt: FailAt;
  /** Asked when the time is over; `false` gives it the whole time anew. */
  readonly isLate?: (() => boolean) | undefined;
}

interface PendingCall extends Call {
  readonly resolve: (answer: CallAnswer) => void;
  readonly reject: (error: OptioError) => void;
  timer: NodeJS.Timeout;
}

/** The calls that wait for an answer. Each ends once: by its answer, its deadline, its failed write, or the end. */
export class PendingCalls {
  readonly #calls = new Map<RequestId, PendingCall>();
  #nextId = 1;

  get size(): number {
    return this.#calls.size;
  }

  /** Registers a call and sends it, in one step, so that neither can be without the other. */
  create(call: Call, send: (id: RequestId) => Promise<void>): Promise<CallAnswer> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const expire = () => {
        const seconds = Math.round(call.deadlineMs / 100) / 10;
        if (call.isLate?.() === false) pending.timer = setTimeout(expire, call.deadlineMs);
        else this.#take(id)?.reject(call.failAt('call-timeout', `no answer to "${call.method}" within ${seconds} s`));
      };
      const pending: PendingCall = { ...call, resolve, reject, timer: setTimeout(expire, call.deadlineMs) };
      this.#calls.set(id, pending);
      send(id).catch((cause: Error) => {
        const { code, details } = cause instanceof OptioError ? cause : { code: 'connection-closed' as const };
        const why = `cannot send "${call.method}": ${cause.message}`;
        this.#take(id)?.reject(call.failAt(code, why, { ...details, cause }));
      });
    });
  }

  /** Hands an answer to the call it belongs to. False when nobody waits for it (any more). */
  answer(id: RequestId, answer: CallAnswer): boolean {
    const call = this.#take(id);
    call?.resolve(answer);
    return call !== undefined;
  }

  /** Ends every call with the reason why no answer will come. */
  rejectAll(reason: OptioError): void {
    for (const id of [...this.#calls.keys()]) {
      const call = this.#take(id);
      const details = { ...reason.details, cause: reason };
      call?.reject(call.failAt(reason.code, `"${call.method}" was not answered: ${reason.message}`, details));
    }
  }

  #take(id: RequestId): PendingCall | undefined {
    const call = this.#calls.get(id);
    if (!call) return undefined;
    this.#calls.delete(id);
    clearTimeout(call.timer);
    return call;
  }
}
