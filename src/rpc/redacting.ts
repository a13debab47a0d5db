import type { Transport, TransportReceiver } from './transport.ts';

/** A shorter one, such as the `none` that a server of one's own takes for a key, may be a word of the protocol. */
const MIN_LENGTH = 16;
const LEFT_OUT = '(a secret, left out)';

/** The text without these secrets, as they are and as JSON writes them. */
export function redact(text: string, secrets: Iterable<string>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < MIN_LENGTH) continue;
    const written = JSON.stringify(secret).slice(1, -1);
    for (const form of new Set([secret, written])) clean = clean.replaceAll(form, LEFT_OUT);
  }
  return clean;
}

/** The same transport, whose peer may say secrets back to us: nobody here gets to see them. More may be added later. */
export function redactTransport(transport: Transport, secrets: ReadonlySet<string>): Transport {
  return {
    start(receiver: TransportReceiver) {
      transport.start({
        onMessage: (text, bytes) => receiver.onMessage(redact(text, secrets), bytes),
        onOversized: (bytes) => receiver.onOversized(bytes),
        onClose: (error) => receiver.onClose(error),
      });
    },
    send: (text) => transport.send(text),
    ...(transport.ping && { ping: () => (transport as Required<Transport>).ping() }),
    close: () => transport.close(),
  };
}
