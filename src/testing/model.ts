import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { createZstdDecompress } from 'node:zlib';
import { readPromptScript } from './prompt.ts';
import { type ModelRequest, readModelRequest } from './request.ts';
import { playResponse } from './response.ts';
import { httpError, type Step, say, splitIntoResponses } from './step.ts';

/** A script: steps for each thread to walk through, or a function that answers one request. */
export type ModelScript = readonly Step[] | ((request: ModelRequest) => readonly Step[] | Promise<readonly Step[]>);

export interface ScriptedModelOptions {
  /**
   * What the model does. Steps: every thread walks through them on its own, one response for each request, and a
   * request beyond the end is refused. A function: its steps are one response. Left out: prompts carry their own
   * script (see `readPromptScript`).
   */
  readonly script?: ModelScript;
  /** The address to listen on; loopback unless told otherwise. */
  readonly host?: string;
  /** The port; a free one unless told otherwise. */
  readonly port?: number;
  /** How many requests to keep in `requests`, the newest (1,000 unless told otherwise). */
  readonly keepRequests?: number;
}

/**
 * A model provider without a model: it speaks the Responses API over HTTP and server-sent events and does what a
 * script says. With it the real Codex binary runs without an account, the same way each time.
 */
export class ScriptedModel implements AsyncDisposable {
  /** Requests seen, oldest first. */
  readonly requests: ModelRequest[] = [];
  readonly #server: Server;
  readonly #script: ModelScript | undefined;
  readonly #keep: number;
  readonly #cursors = new Map<string, number>();
  readonly #waiting = new Set<{
    readonly accepts: (request: ModelRequest) => boolean;
    readonly resolve: (request: ModelRequest) => void;
    readonly reject: (error: Error) => void;
  }>();
  #count = 0;

  private constructor(options: ScriptedModelOptions) {
    this.#script = options.script;
    this.#keep = options.keepRequests ?? 1000;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => refuse(response, error as Error));
    });
  }

  /** Starts a model; `url` is what Codex's `base_url` wants. */
  static async start(options: ScriptedModelOptions = {}): Promise<ScriptedModel> {
    const model = new ScriptedModel(options);
    await new Promise<void>((resolve, reject) => {
      model.#server.once('error', reject);
      model.#server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
    });
    return model;
  }

  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `http://${address.includes(':') ? `[${address}]` : address}:${port}/v1`;
  }

  /** The first request, past or to come, that the test accepts. Rejects when the model is closed before. */
  request(accepts: (request: ModelRequest) => boolean = () => true): Promise<ModelRequest> {
    const seen = this.requests.find(accepts);
    return seen
      ? Promise.resolve(seen)
      : new Promise((resolve, reject) => this.#waiting.add({ accepts, resolve, reject }));
  }

  /** Breaks off what is still being answered and frees the port. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    for (const { reject } of this.#waiting) reject(new Error('the scripted model was closed'));
    this.#waiting.clear();
    if (this.#server.listening) await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {}); // a client that goes away in the middle is no fault of the model's
    const path = new URL(request.url ?? '/', 'http://model').pathname;
    if (request.method !== 'POST' || !path.endsWith('/responses')) {
      response.writeHead(path.endsWith('/models') ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ object: 'list', data: [] }));
      return;
    }
    const asked = readModelRequest(++this.#count, request.headers, (await json(decompressed(request))) as never);
    this.#remember(asked);
    await playResponse(await this.#stepsFor(asked), asked, response);
  }

  #remember(request: ModelRequest): void {
    this.requests.push(request);
    if (this.requests.length > this.#keep) this.requests.shift();
    for (const waiter of this.#waiting) {
      if (!waiter.accepts(request)) continue;
      this.#waiting.delete(waiter);
      waiter.resolve(request);
    }
  }

  async #stepsFor(request: ModelRequest): Promise<readonly Step[]> {
    if (typeof this.#script === 'function') return this.#script(request);
    if (this.#script) {
      const responses = splitIntoResponses(this.#script);
      const at = this.#advance(request.threadId);
      return (
        responses[at] ?? [
          httpError(400, {
            error: {
              message: `the script has ${responses.length} responses and thread ${request.threadId} asks for one more`,
            },
          }),
        ]
      );
    }
    const responses = splitIntoResponses(readPromptScript(request.userText));
    return responses[this.#advance(`${request.threadId}\n${request.turnId}\n${request.userText}`)] ?? [say('Done.')];
  }

  #advance(cursor: string): number {
    const at = this.#cursors.get(cursor) ?? 0;
    this.#cursors.set(cursor, at + 1);
    return at;
  }
}

/** A script that throws is told as what it is: a connection that breaks off would be tried again and again. */
function refuse(response: ServerResponse, error: Error): void {
  if (response.headersSent) {
    response.destroy(error);
    return;
  }
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message: `the script failed: ${error.message}` } }));
}

/** Codex compresses what it sends to OpenAI itself. */
function decompressed(request: IncomingMessage): Readable {
  return request.headers['content-encoding'] === 'zstd' ? request.pipe(createZstdDecompress()) : request;
}
