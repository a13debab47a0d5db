import type { OptioError } from '../../src/errors.ts';
import {
  type IncomingRequest,
  type Noise,
  RpcConnection,
  type RpcConnectionOptions,
} from '../../src/rpc/connection.ts';
import { createTransportPair } from '../../src/rpc/memory.ts';
import type { RpcErrorBody } from '../../src/rpc/message.ts';
import type { Transport } from '../../src/rpc/transport.ts';

/** A message as the peer got it. */
export interface SentMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: RpcErrorBody;
}

type Answer = { readonly result: unknown } | { readonly error: RpcErrorBody } | undefined;

/** What a connection told its receiver. */
interface Told {
  readonly values: unknown[];
  readonly notifications: { readonly method: string; readonly params: unknown }[];
  readonly requests: IncomingRequest[];
  readonly noise: Noise[];
  readonly closes: OptioError[];
}

export interface Wired extends Told {
  readonly connection: RpcConnection;
}

export interface ConnectedPeer extends Wired {
  /** Everything that the connection sent. */
  readonly sent: SentMessage[];
  /** Sends a message to the connection; a text goes as it is. */
  say(message: object | string): Promise<void>;
  /** Ends the connection from the peer's side. */
  hangUp(): void;
}

export interface ConnectOptions extends RpcConnectionOptions {
  /** Whether requests of the peer are taken, or refused for want of a receiver. */
  readonly takesRequests?: boolean;
  /** Called for each notification. */
  readonly onNotification?: (method: string) => void;
}

/** A started connection over a transport, with a record of what it told. */
export function wire(transport: Transport, options: ConnectOptions = {}): Wired {
  const told: Told = { values: [], notifications: [], requests: [], noise: [], closes: [] };
  const connection = new RpcConnection(
    transport,
    {
      onValue: (value) => told.values.push(value),
      onNotification(method, params) {
        told.notifications.push({ method, params });
        options.onNotification?.(method);
      },
      ...(options.takesRequests && { onRequest: (request: IncomingRequest) => void told.requests.push(request) }),
      onNoise: (noise) => told.noise.push(noise),
      onClose: (reason) => told.closes.push(reason),
    },
    options,
  );
  connection.start();
  return { connection, ...told };
}

/** A connection to a peer in memory, which answers calls as it is told; `undefined` leaves a call unanswered. */
export function connectToPeer(
  answer: (call: SentMessage) => Answer | Promise<Answer> = () => undefined,
  options: ConnectOptions = {},
): ConnectedPeer {
  const [ours, theirs] = createTransportPair();
  const sent: SentMessage[] = [];
  const say = (message: object | string) =>
    theirs.send(typeof message === 'string' ? message : JSON.stringify(message));
  theirs.start({
    async onMessage(text) {
      const message = JSON.parse(text) as SentMessage;
      sent.push(message);
      const reply = message.method !== undefined && message.id !== undefined ? await answer(message) : undefined;
      if (reply) await say({ id: message.id, ...reply });
    },
    onOversized() {},
    onClose() {},
  });
  return { ...wire(ours, options), sent, say, hangUp: () => theirs.close() };
}
