import type { HeartbeatOptions, Silence } from '../rpc/heartbeat.ts';
import type { Transport } from '../rpc/transport.ts';
import { isUnanswered, type WebSocketTransportOptions } from '../rpc/websocket.ts';
import { unresponsive } from './connection.ts';

export type Connect = (options?: Pick<WebSocketTransportOptions, 'deadlineMs' | 'signal'>) => Promise<Transport>;

/** How long a codex may give no sign of life, and who is told of it. */
export interface Patience extends HeartbeatOptions {
  readonly onSilence: (silence: Silence) => unknown;
  /** Gives up; its reason is thrown then. */
  readonly signal: AbortSignal;
}

/**
 * Connects to a codex that somebody else has started. One that was stopped takes the connection, and does not answer.
 * Throws `codex-unresponsive`.
 */
export async function connectPatiently(connect: Connect, patience: Patience): Promise<Transport> {
  const { everyMs, patienceMs, onSilence, signal } = patience;
  const since = new Date();
  for (let tries = 0; ; ) {
    try {
      const transport = await connect({ deadlineMs: everyMs, signal });
      if (tries > 0) onSilence({ kind: 'ended', since });
      return transport;
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      if (++tries === 1) onSilence({ kind: 'began', since });
      if (tries * everyMs >= patienceMs) throw unresponsive(since);
    }
  }
}
