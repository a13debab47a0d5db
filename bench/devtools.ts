import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { CHROMIUM, CHROMIUM_ARGS } from '../test/support/chromium.ts';

type Answer = Record<string, unknown>;

/**
 * A Chromium that is driven by its own protocol, and by as little of it as can be: what Playwright looks at besides (all that comes
 * over the network, for one) costs more than the page that is measured.
 */
export class Devtools {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  #last = 0;

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse(String(data))));
    socket.on('close', () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error('Chromium is gone'));
    });
  }

  static async start({ width, height }: { readonly width: number; readonly height: number }): Promise<Devtools> {
    const profile = mkdtempSync(join('/var/tmp', 'optio-codex-chromium-'));
    const args = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
    const chromium = spawn(CHROMIUM, [...CHROMIUM_ARGS, ...args, `--window-size=${width},${height}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    for await (const line of createInterface(chromium.stderr)) {
      const address = /^DevTools listening on (\S+)/.exec(line)?.[1];
      if (address === undefined) continue;
      chromium.stderr.resume();
      const socket = new WebSocket(address, { perMessageDeflate: false });
      await once(socket, 'open');
      return new Devtools(chromium, profile, socket);
    }
    throw new Error('Chromium does not say where it can be driven');
  }

  /** Throws what Chromium says against it. */
  send(method: string, params: object = {}, sessionId?: string): Promise<Answer> {
    const id = ++this.#last;
    const answer = Promise.withResolvers<Answer>();
    this.#waiting.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }));
    return answer.promise;
  }

  async close(): Promise<void> {
    const gone = once(this.#process, 'exit');
    await this.send('Browser.close').catch(() => {});
    await gone;
    rmSync(this.#profile, { recursive: true, force: true });
  }

  #take({ id, result, error }: { id?: number; result?: Answer; error?: { readonly message: string } }): void {
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || !waiting) return;
    this.#waiting.delete(id);
    if (error) waiting.reject(new Error(error.message));
    else waiting.resolve(result ?? {});
  }
}
