import { once } from 'node:events';
import { realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly turnId?: string; readonly turn?: { readonly id: string } };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** As little as a client of `codex app-server` can do: it calls, and sees what is told. */
export class BareClient {
  readonly #socket: WebSocket;
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  onNotification: (method: string, params: NonNullable<Message['params']>) => void = () => {};
  #count = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#take(JSON.parse(data.toString('utf8'))));
  }

  /** Connects to the socket of a codex, waits until that listens, and introduces itself. */
  static async connect(path: string): Promise<BareClient> {
    const client = new BareClient(await open(path));
    const clientInfo = { name: 'bench', title: 'bench', version: '1' };
    await client.call('initialize', { clientInfo, capabilities: { experimentalApi: true } });
    client.#send({ method: 'initialized' });
    return client;
  }

  call(method: string, params: unknown): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    const id = ++this.#count;
    this.#calls.set(id, answer);
    this.#send({ id, method, params });
    return answer.promise;
  }

  async close(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  #take({ id, method, params = {}, result, error }: Message): void {
    if (method !== undefined) {
      this.onNotification(method, params);
      return;
    }
    const call = this.#calls.get(id ?? 0);
    this.#calls.delete(id ?? 0);
    if (error) call?.reject(new Error(error.message));
    else call?.resolve(result);
  }
}

const DEADLINE_MS = 30_000;

async function open(path: string): Promise<WebSocket> {
  for (const deadline = performance.now() + DEADLINE_MS; ; ) {
    try {
      // Codex makes a link there to a socket with a name that is short enough.
      const socket = new WebSocket(`ws+unix:${await realpath(path)}:/`, { perMessageDeflate: false });
      await once(socket, 'open');
      return socket;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(5);
    }
  }
}
