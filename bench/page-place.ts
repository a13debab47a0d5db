import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { WatchOptions } from '../src/contract/api.ts';
import type { RunEventBody } from '../src/contract/event.ts';
import type { RunFilter } from '../src/contract/run-query.ts';
import type { RunUpdate } from '../src/contract/run-update.ts';
import { Optio } from '../src/optio.ts';
import type { Page } from '../src/server/app.ts';
import { startServer } from '../src/server/server.ts';
import { largeJournal } from '../test/web/transcript/large-journal.ts';

const TOKEN = 'a-token-that-lets-somebody-in';
const SITE = join(import.meta.dirname, '..', 'dist', 'page');
/** As many events are told in one go. */
const PIECE = 500;
const FRAME_MS = 1000 / 60;

/** What is told in a run that is under way, once it is asked for: so many pieces of a message in each frame of a browser. */
export interface Story {
  readonly runId: string;
  /** Resolves when all of it was given to the server to send. */
  tell(perFrame: number): Promise<void>;
}

/** A server with its page, over a store with runs that have told much. */
export class Place {
  readonly url: string;
  readonly optio: Optio;
  readonly #close: () => Promise<void>;
  /** What the server is told of a run of which the store knows only the beginning. */
  readonly #stories = new Map<
    string,
    (updates: AsyncIterable<RunUpdate>, after: number) => AsyncGenerator<RunUpdate>
  >();

  private constructor(url: string, optio: Optio, close: () => Promise<void>) {
    this.url = url;
    this.optio = optio;
    this.#close = close;
  }

  static async open(pages: readonly Page[]): Promise<Place> {
    // In memory, where there is such a thing: what a disk does is no part of this.
    const root = mkdtempSync(`${existsSync('/dev/shm') ? '/dev/shm' : '/var/tmp'}/optio-codex-bench-`);
    const optio = await Optio.open({ dataDir: join(root, 'data'), env: { PATH: process.env.PATH ?? '', HOME: root } });
    let place: Place | undefined;
    const server = await startServer({
      api: new Proxy(optio, {
        get(target, name) {
          if (name === 'watch') return (filter: RunFilter, options: WatchOptions) => place?.watch(filter, options);
          const value = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
      authenticate: async (secret) => (secret === TOKEN ? { name: 'bench', role: 'admin' } : undefined),
      info: {
        ...{
          version: '0',
          apiVersion: 1,
          pid: process.pid,
          dataDir: root,
          command: 'optio-codex',
          startedAt: new Date().toISOString(),
        },
        machine: { name: 'bench', id: 'bench' },
      },
      listen: { host: '127.0.0.1', port: 0 },
      onStop: () => Promise.reject(new Error('nobody stops it')),
      site: SITE,
      pages,
    });
    place = new Place(server.url, optio, async () => {
      await server.close();
      await optio.close();
      rmSync(root, { recursive: true, force: true });
    });
    return place;
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** The part of an address that lets a browser in, once. */
  async login(): Promise<string> {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await fetch(`${this.url}/api/links`, { method: 'POST', headers });
    return `#login=${((await answer.json()) as { readonly code: string }).code}`;
  }

  /** A run that has told all this, and has ended; or that is still under way (`isLive`). */
  async run(name: string, events: readonly RunEventBody[], isLive = false): Promise<string> {
    const told = Promise.withResolvers<void>();
    await this.optio.define({
      id: name,
      name,
      async execute(context) {
        for (let at = 0; at < events.length; at += PIECE) {
          for (const event of events.slice(at, at + PIECE)) context.emit(event);
          await context.written();
        }
        told.resolve();
        if (isLive) await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }));
        return { text: '' };
      },
    });
    const { id, outcome } = await this.optio.launch(name);
    await (isLive ? told.promise : outcome);
    return id;
  }

  /** Somebody has so many runs, all of which are over. */
  async fill(runs: number): Promise<void> {
    await this.optio.define({
      id: 'short',
      name: 'A run that is over at once',
      execute: async () => ({ text: 'Yes.' }),
    });
    for (let count = 0; count < runs; count += 50) {
      const launch = (at: number) => this.optio.launch('short', { name: `run ${count + at}` });
      const launched = await Promise.all(Array.from({ length: 50 }, (_, at) => launch(at)));
      await Promise.all(launched.map(({ outcome }) => outcome));
    }
  }

  /** What the server is asked for. A story is told past the store, which would make one of all pieces that come within 50 ms. */
  watch(filter: RunFilter, options: WatchOptions): AsyncIterable<RunUpdate> {
    const story = this.#stories.get(options.follow?.run ?? '');
    const updates = this.optio.watch(filter, options);
    return story ? story(updates, options.follow?.after ?? 0) : updates;
  }

  /** A message that comes in pieces, at the end of a run of so many items. */
  async story(items: number, pieces: readonly string[]): Promise<Story> {
    const runId = await this.run(`a-story-of-${pieces.length}-after-${items}`, beginningOf(items), true);
    const begun = (await (await this.optio.find(runId)).details()).lastSeq;
    const events = eventsOf(pieces);
    const asked = Promise.withResolvers<number>();
    const told = Promise.withResolvers<void>();
    this.#stories.set(runId, async function* (updates, after) {
      if (after < begun) {
        for await (const update of updates) {
          yield update;
          if (update.type === 'events' && update.events.at(-1)?.seq === begun) break;
        }
      }
      const at = new Date().toISOString();
      let due = 0;
      for (let seq = Math.max(begun, after) + 1; seq <= begun + events.length; seq++) {
        const event = events[seq - begun - 1] as RunEventBody;
        if (event.type === 'item.delta') {
          const perFrame = await asked.promise;
          if (seq % perFrame === 0) {
            due = Math.max(due + FRAME_MS, performance.now() - FRAME_MS);
            await delay(Math.max(0, due - performance.now()));
          }
        }
        yield { type: 'events', runId, events: [{ seq, at, ...event }] };
      }
      told.resolve();
      await new Promise(() => {}); // until its reader leaves
    });
    const tell = (perFrame: number) => {
      asked.resolve(perFrame);
      return told.promise;
    };
    return { runId, tell };
  }
}

const TURN = 'turn-of-the-story';

function eventsOf(pieces: readonly string[]): RunEventBody[] {
  const item = { kind: 'agentMessage', id: 'story', text: '' } as const;
  const deltas = pieces.map(
    (delta) => ({ type: 'item.delta', turnId: TURN, itemId: 'story', part: 'text', delta }) as const,
  );
  return [
    { type: 'turn.started', turnId: TURN },
    { type: 'item.started', turnId: TURN, item },
    ...deltas,
    { type: 'item.completed', turnId: TURN, item: { ...item, text: pieces.join('') } },
  ];
}

/** What a run has told that goes on. */
export function beginningOf(items: number): RunEventBody[] {
  return largeJournal(items).slice(0, -2);
}
