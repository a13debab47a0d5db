import type { Noise } from '../rpc/connection.ts';
import type { CodexNotification } from './client.ts';
import type { ServerRequests } from './protocol/methods.ts';
import type { Lagged } from './subscribers.ts';

/** A message as Codex sent it: a notification, a request, or the answer to a call. */
export type CodexMessage =
  | CodexNotification
  | {
      [M in keyof ServerRequests]: { method: M; id: string | number; params: ServerRequests[M]['params'] };
    }[keyof ServerRequests]
  | { readonly id: string | number; readonly result: unknown }
  | { readonly id: string | number; readonly error: unknown };

/** What we have to say ourselves. Everything of ours carries a `type` that starts with `x-optio-`. */
export type OwnEvent =
  /** A line that is not JSON. */
  | { readonly type: 'x-optio-unparseable'; readonly line: string }
  /** JSON, but no message. */
  | { readonly type: 'x-optio-unexpected'; readonly value: unknown }
  /** A message beyond the limit, skipped; `bytes` is its size, or the limit where the size is not known. */
  | { readonly type: 'x-optio-oversized'; readonly bytes: number }
  /** A request of Codex's that was refused for want of a handler, or of room for more open ones. */
  | { readonly type: 'x-optio-unanswered'; readonly method: string; readonly id: string | number }
  /** Something that a person should know and that ends nothing. */
  | { readonly type: 'x-optio-warning'; readonly message: string }
  /** A turn has asked the model in vain for too long: we end it, and it has failed, whatever Codex calls that. */
  | { readonly type: 'x-optio-given-up'; readonly turnId: string; readonly message: string }
  /**
   * The connection was lost and made anew, or a thread was taken up that somebody else had left; `missed` is what Codex
   * would have told of the thread meanwhile, and `told` what it had told before of turns that had not ended.
   */
  | {
      readonly type: 'x-optio-reconnected';
      readonly reason: string;
      readonly told: readonly CodexNotification[];
      readonly missed: readonly CodexNotification[];
    }
  /** Codex gives no sign of life since then, though its process is there: it may have been stopped. */
  | { readonly type: 'x-optio-silent'; readonly since: Date }
  /** It gives one again, as if nothing had happened. */
  | { readonly type: 'x-optio-answering'; readonly since: Date }
  /** The end, last of all. */
  | ClosedEvent;

export interface ClosedEvent {
  readonly type: 'x-optio-closed';
  readonly reason: string;
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  readonly stderr?: string;
}

/** What `CodexConversation.onEvent` hands out. */
export type CodexEvent = CodexMessage | OwnEvent | Lagged;

/** What came over the wire and is no message, as an event. */
export function toOwnEvent(noise: Noise): OwnEvent {
  switch (noise.kind) {
    case 'unparseable':
      return { type: 'x-optio-unparseable', line: noise.text };
    case 'unexpected':
      return { type: 'x-optio-unexpected', value: noise.value };
    case 'oversized':
      return { type: 'x-optio-oversized', bytes: noise.bytes };
  }
}
