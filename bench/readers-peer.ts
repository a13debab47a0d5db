// Reads streams of server-sent events for bench/readers.ts, in a process of its own, and counts events; some readers stop
// reading until they are told to go on, and go on from their last number where they were cut off.
import { createHash } from 'node:crypto';
import { Agent, get, type IncomingMessage } from 'node:http';
import type { Asked, Stopped, Told } from './readers-messages.ts';

const [, , socketPath = '', token = ''] = process.argv;
const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
const END = Buffer.from('\nevent: end\ndata: {}\n\n');
const BETWEEN = Buffer.from('\n\n');

/** Resolves with the head of the answer. */
function open(runId: string, after: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}`, 'Last-Event-ID': String(after) };
    get({ socketPath, path: `/api/runs/${runId}/events`, agent, headers }, (incoming) => {
      if (incoming.statusCode === 200) resolve(incoming);
      else reject(new Error(`a reader was answered ${incoming.statusCode}`));
    }).once('error', reject);
  });
}

function tell(told: Told): void {
  process.send?.(told);
}

/** Counts events to the end of the stream, as cheaply as can be. */
function count(incoming: IncomingMessage): Promise<number> {
  let events = -1; // the last one is the end
  return new Promise((resolve, reject) => {
    let tail: Buffer = Buffer.alloc(0);
    incoming.on('data', (chunk: Buffer) => {
      // What separates two events may be torn in the middle.
      const seam = tail.length > 0 && tail.at(-1) === 0x0a && chunk[0] === 0x0a ? 1 : 0;
      events += seam;
      for (let at = chunk.indexOf(BETWEEN, seam); at >= 0; at = chunk.indexOf(BETWEEN, at + 2)) events++;
      tail =
        chunk.length >= END.length ? chunk.subarray(-END.length) : Buffer.concat([tail, chunk]).subarray(-END.length);
    });
    incoming.once('error', reject);
    incoming.once('end', () =>
      tail.equals(END) ? resolve(events) : reject(new Error('a reader was not told the end')),
    );
  });
}

/** What a reader has that was stopped, however often it was cut off. */
class StoppedReader {
  readonly #runId: string;
  readonly #hash = createHash('sha256');
  #incoming: IncomingMessage | undefined;
  #after = 0;
  #events = 0;
  #times = 0;
  #isOver = false;
  #rest = '';

  constructor(runId: string) {
    this.#runId = runId;
  }

  async open(): Promise<void> {
    this.#incoming = await open(this.#runId, this.#after);
    this.#incoming.pause();
  }

  async finish(): Promise<Stopped> {
    while (!this.#isOver) {
      const incoming = this.#incoming ?? (await open(this.#runId, this.#after));
      this.#incoming = undefined;
      this.#times++;
      this.#rest = '';
      await new Promise<void>((resolve) => {
        incoming.setEncoding('utf8').on('data', (text: string) => this.#take(text));
        incoming.once('error', () => {}).once('close', resolve);
        incoming.resume();
      });
    }
    return { runId: this.#runId, events: this.#events, times: this.#times, digest: this.#hash.digest('hex') };
  }

  #take(text: string): void {
    const frames = (this.#rest + text).split('\n\n');
    this.#rest = frames.pop() ?? '';
    for (const frame of frames) {
      if (frame.startsWith('event: end')) this.#isOver = true;
      else if (frame.startsWith('id: ')) {
        const [id = '', data = ''] = frame.split('\n');
        this.#after = Number(id.slice('id: '.length));
        this.#hash.update(`${data.slice('data: '.length)}\n`);
        this.#events++;
      }
    }
  }
}

let stopped: StoppedReader[] = [];

async function read({ runIds, stoppedIds }: Extract<Asked, { type: 'read' }>): Promise<void> {
  stopped = stoppedIds.map((runId) => new StoppedReader(runId));
  for (const reader of stopped) await reader.open();
  const readers = await Promise.all(runIds.map((runId) => open(runId, 0)));
  const counted = Promise.all(readers.map(count));
  tell({ type: 'open' });
  tell({ type: 'read', events: (await counted).reduce((sum, events) => sum + events, 0) });
}

process.on('message', (asked: Asked) => {
  if (asked.type === 'read') void read(asked);
  else
    void Promise.all(stopped.map((reader) => reader.finish())).then((all) => tell({ type: 'finished', stopped: all }));
});
