import type { Transport, TransportReceiver } from './transport.ts';

/** Told of every message in either direction, before the peer or the receiver is. */
export type Trace = (direction: 'in' | 'out', text: string) => void;

/** The same transport, with a witness. What the witness throws is its own affair. */
export function traceTransport(transport: Transport, trace: Trace): Transport {
  const tell: Trace = (direction, text) => {
    try {
      trace(direction, text);
    } catch {
      // A broken trace must not break the conversation that it watches.
    }
  };
  return {
    start(receiver: TransportReceiver) {
      transport.start({
        onMessage(text, bytes) {
          tell('in', text);
          receiver.onMessage(text, bytes);
        },
        onOversized: (bytes) => receiver.onOversized(bytes),
        onClose: (error) => receiver.onClose(error),
      });
    },
    send(text) {
      tell('out', text);
      return transport.send(text);
    },
    ...(transport.ping && { ping: () => (transport as Required<Transport>).ping() }),
    close: () => transport.close(),
  };
}
