import type { Transport, TransportReceiver } from './transport.ts';

/** A shorter one, such as the `none` that a server of one's own takes for a key, protects nothing and is a common word. */
const MIN_LENGTH = 6;
/** From here on it occurs nowhere by chance; a shorter one may, within a longer word or in what the protocol itself says. */
const CERTAIN_LENGTH = 16;
const LEFT_OUT = '(a secret, left out)';
/** The members by which a message is routed. */
const ROUTING: readonly string[] = ['method', 'id'];

/** The text without these secrets, as they are and as JSON writes them; the short ones only as whole words. */
export function redact(text: string, secrets: Iterable<string>): string {
  let clean = text;
  for (const secret of secrets) {
    const forms = new Set([secret, JSON.stringify(secret).slice(1, -1)]);
    if (secret.length < MIN_LENGTH || !forms.values().some((form) => clean.includes(form))) continue;
    if (secret.length < CERTAIN_LENGTH) clean = redactShort(clean, forms);
    else for (const form of forms) clean = clean.replaceAll(form, LEFT_OUT);
  }
  return clean;
}

/** In JSON only texts are touched, and neither names nor numbers: the message has to be understood afterwards. */
function redactShort(text: string, forms: ReadonlySet<string>): string {
  try {
    const clean = JSON.parse(text, (name, value) => {
      return typeof value === 'string' && !ROUTING.includes(name) ? redactWords(value, forms) : value;
    });
    return JSON.stringify(clean);
  } catch {
    return redactWords(text, forms);
  }
}

/** A letter after a backslash belongs to that, and not to the word: a text may quote JSON. */
function redactWords(text: string, forms: ReadonlySet<string>): string {
  let clean = text;
  for (const form of forms) {
    const literally = form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    clean = clean.replace(new RegExp(`(?<!(?<!\\\\)\\w)${literally}(?!\\w)`, 'g'), LEFT_OUT);
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
