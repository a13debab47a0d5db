import type { RunEvent, RunEventOf } from '../../../src/contract/event.ts';
import type { ErrorRecord } from '../../../src/contract/outcome.ts';

/** What can happen beside the items of a turn. */
export type Happening =
  | { readonly kind: 'session'; readonly event: RunEventOf<'session.started'> }
  | { readonly kind: 'reconnected'; readonly reason: string }
  | { readonly kind: 'sessionEnded'; readonly error: ErrorRecord }
  | { readonly kind: 'paused'; readonly message: string }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'notice'; readonly event: RunEventOf<'notice'> }
  | { readonly kind: 'request'; readonly requestId: string }
  | { readonly kind: 'refused'; readonly messageId: string; readonly error: ErrorRecord }
  | { readonly kind: 'agent'; readonly turnId: string }
  | { readonly kind: 'plan'; readonly turnId: string };

/** Something that happened beside the items of a turn, and has its place among them. */
export type Mark = Happening & { readonly key: string; readonly seq: number; readonly at: string };

/** What an event tells of, where it is about the run and not about a turn, an item or a request. */
export function happeningOf(event: RunEvent, wasPaused: boolean): Happening | undefined {
  switch (event.type) {
    case 'session.started':
      return { kind: 'session', event };
    case 'session.reconnected':
      return { kind: 'reconnected', reason: event.reason };
    case 'session.ended':
      return event.error && { kind: 'sessionEnded', error: event.error };
    case 'run.state':
      if (event.state === 'paused') return { kind: 'paused', message: event.pause?.message ?? '' };
      return wasPaused && event.state === 'running' ? { kind: 'resumed' } : undefined;
    case 'notice':
      return { kind: 'notice', event };
    case 'message.refused':
      return { kind: 'refused', messageId: event.messageId, error: event.error };
    default:
      return undefined;
  }
}
