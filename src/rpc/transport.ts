/** The largest message that we take: 256 MiB. */
export const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/**
 * Carries whole messages, each one JSON text, to a peer and back. It knows nothing of their content.
 * Implementations: lines over two streams, WebSocket, and a pair in memory.
 */
export interface Transport {
  /** Begins to deliver to `receiver`. To be called once; what came before is delivered now. */
  start(receiver: TransportReceiver): void;
  /** Resolves when the message has left this process, in the order of the calls; rejects when it cannot. */
  send(text: string): Promise<void>;
  /** Asks the peer for a sign of life; resolves when it has given one. Not every transport can. */
  ping?(): Promise<void>;
  /** Ends it from our side. `onClose` follows once. Calling it again does nothing. */
  close(): void;
}

export interface TransportReceiver {
  /** One message, in the order of the wire, with its size on the wire. */
  onMessage(text: string, bytes: number): void;
  /** A message beyond the limit was skipped; `bytes` is its size, or the limit where the size was not told. */
  onOversized(bytes: number): void;
  /** Nothing comes any more. Called exactly once; `error` is there unless the end was a clean one. */
  onClose(error: Error | undefined): void;
}
