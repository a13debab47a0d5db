import type { Transport } from '../../src/rpc/transport.ts';

/** What a transport delivered so far. */
export interface Collected {
  readonly messages: string[];
  readonly sizes: number[];
  readonly oversized: number[];
  /** How often the end was told; has to be once. */
  closes: number;
  /** Resolves at the end, with its error. */
  readonly closed: Promise<Error | undefined>;
}

/** Starts a transport and keeps what it delivers. */
export function collect(transport: Transport): Collected {
  const closed = Promise.withResolvers<Error | undefined>();
  const seen: Collected = { messages: [], sizes: [], oversized: [], closes: 0, closed: closed.promise };
  transport.start({
    onMessage(text, bytes) {
      seen.messages.push(text);
      seen.sizes.push(bytes);
    },
    onOversized: (bytes) => seen.oversized.push(bytes),
    onClose(error) {
      seen.closes++;
      closed.resolve(error);
    },
  });
  return seen;
}
