import { CodexClient } from '../../src/codex/client.ts';
import { introduce } from '../../src/codex/handshake.ts';
import { toUserInput } from '../../src/codex/input.ts';
import type { ServerNotifications } from '../../src/codex/protocol/methods.ts';
import type { ThreadStartParams } from '../../src/codex/protocol/v2/ThreadStartParams.ts';
import type { Turn } from '../../src/codex/protocol/v2/Turn.ts';
import type { Transport } from '../../src/rpc/transport.ts';
import { type StartedConversation, type StartOptions, startCodex } from './codex.ts';
import { type Wired, wire } from './peer.ts';
import { until } from './processes.ts';

/** A client that does nothing about the traps of codex: it sends what it is told, and notes what comes. */
export interface BareClient extends Wired {
  readonly client: CodexClient;
  /** The params of all notifications of a method so far. */
  of<M extends keyof ServerNotifications>(method: M): ServerNotifications[M][];
  /** The params of the first notification, past or to come, that the test accepts. */
  notified<M extends keyof ServerNotifications>(
    method: M,
    accepts?: (params: ServerNotifications[M]) => boolean,
  ): Promise<ServerNotifications[M]>;
  /** Starts a thread where nobody is asked, unless told otherwise. Gives its id. */
  startThread(params: ThreadStartParams): Promise<string>;
  /** Sends a message. Gives the id of the turn that codex promises. */
  startTurn(threadId: string, text: string): Promise<string>;
  /** Sends a message and waits for the end of its turn. */
  runTurn(threadId: string, text: string): Promise<Turn>;
}

export interface BareOptions extends StartOptions {
  readonly experimentalApi?: boolean;
}

/** Starts the real codex with a bare client that has introduced itself. */
export async function startBare(options: BareOptions = {}): Promise<StartedConversation & BareClient> {
  const started = await startCodex({ ...options, isRaw: true });
  const bare = toBareClient(started.codex.link.transport);
  await introduce(bare.client, { agentLabel: 'bare', experimentalApi: options.experimentalApi ?? false });
  return { ...started, ...bare };
}

/** One more bare client of a codex that listens on a socket. */
export async function joinBare({ codex }: Pick<StartedConversation, 'codex'>): Promise<BareClient> {
  const bare = toBareClient(await codex.connect());
  await introduce(bare.client, { agentLabel: 'second', experimentalApi: false });
  return bare;
}

/** A bare client over a connection, on which nothing has been said yet. */
export function toBareClient(transport: Transport): BareClient {
  const wired = wire(transport, { takesRequests: true });
  const client = new CodexClient(wired.connection);
  const of: BareClient['of'] = (method) =>
    wired.notifications.flatMap((told) => (told.method === method ? [told.params as never] : []));
  const notified: BareClient['notified'] = async (method, accepts = () => true) => {
    await until(() => of(method).some(accepts), method);
    return of(method).find(accepts) as never;
  };
  const startTurn: BareClient['startTurn'] = async (threadId, text) =>
    (await client.call('turn/start', { threadId, input: toUserInput(text) })).turn.id;
  return {
    ...wired,
    client,
    of,
    notified,
    startTurn,
    startThread: async (params) =>
      (await client.call('thread/start', { approvalPolicy: 'never', ...params })).thread.id,
    async runTurn(threadId, text) {
      const id = await startTurn(threadId, text);
      return (await notified('turn/completed', ({ turn }) => turn.id === id)).turn;
    },
  };
}
