// How much of the speed of a bare reader is left when 200,000 deltas go through CodexConversation to one subscriber; and
// how much memory each takes at most, and holds for each message after a million, in a process of its own.
// The floor reads the same pipe, splits the Buffer at 0x0A and parses each line as JSON.
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CodexConversation } from '../src/codex/conversation.ts';
import { alternate, median, printRatio } from './measure.ts';

const COUNT = 200_000;
const ROUNDS = 7;
const MEMORY_ROUNDS = 5;
const TURNS = 5;
const METHOD = 'item/agentMessage/delta';

/** Somebody who reads what the peer tells. */
interface Reader {
  /** Seconds from the first delta of a turn to the last. */
  turn(): Promise<number>;
  stop(): void;
}

type Peer = ChildProcessByStdio<Writable, Readable, null>;

function startPeer(): Peer {
  const peer = fileURLToPath(new URL('routing-peer.ts', import.meta.url));
  return spawn(process.execPath, [peer, String(COUNT)], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Counts the deltas of a turn, and says how long they took. */
class Count {
  #seen = 0;
  #first = 0;
  #all = Promise.withResolvers<number>();

  begin(): Promise<number> {
    this.#seen = 0;
    this.#all = Promise.withResolvers();
    return this.#all.promise;
  }

  add(): void {
    if (this.#seen === 0) this.#first = performance.now();
    if (++this.#seen === COUNT) this.#all.resolve((performance.now() - this.#first) / 1000);
  }
}

/** Reads through a bootstrapped conversation. */
async function openConversation(): Promise<Reader> {
  const peer = startPeer();
  const count = new Count();
  const conversation = new CodexConversation({ cwd: '/' });
  conversation.attach(peer);
  void conversation.runReader();
  await conversation.bootstrap();
  conversation.onEvent((event) => {
    if ('method' in event && event.method === METHOD) count.add();
  });
  const turn = async () => {
    const seconds = count.begin();
    const { completed } = await conversation.send('go');
    await completed;
    return seconds;
  };
  return { turn, stop: () => peer.kill() };
}

/** Reads with nothing in between. */
async function openBare(): Promise<Reader> {
  const peer = startPeer();
  const count = new Count();
  let rest: Buffer = Buffer.alloc(0);
  peer.stdout.on('data', (chunk: Buffer) => {
    const data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let start = 0;
    for (let end = data.indexOf(0x0a); end >= 0; end = data.indexOf(0x0a, start)) {
      const message = JSON.parse(data.toString('utf8', start, end)) as { method?: string };
      start = end + 1;
      if (message.method === METHOD) count.add();
    }
    rest = data.subarray(start);
  });
  const turn = () => {
    const seconds = count.begin();
    peer.stdin.write('{"id":1,"method":"turn/start","params":{}}\n');
    return seconds;
  };
  return { turn, stop: () => peer.kill() };
}

const READERS = { conversation: openConversation, bare: openBare };
type Name = keyof typeof READERS;

async function oneTurn(name: Name): Promise<number> {
  const reader = await READERS[name]();
  const seconds = await reader.turn();
  reader.stop();
  return seconds;
}

interface Memory {
  /** The most that the process took of the machine, in bytes. */
  readonly peak: number;
  /** What is held more after the last turn than after the first, for each message in between, in bytes. */
  readonly each: number;
}

/** Measured in this process, which is to do nothing else. */
async function memoryOf(name: Name): Promise<Memory> {
  const held = async () => {
    await breathe();
    global.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const reader = await READERS[name]();
  await reader.turn();
  const before = await held();
  for (let turn = 0; turn < TURNS; turn++) await reader.turn();
  const each = ((await held()) - before) / TURNS / COUNT;
  reader.stop();
  return { peak: process.resourceUsage().maxRSS * 1024, each };
}

async function memoryElsewhere(name: Name, all: Memory[]): Promise<number> {
  const self = fileURLToPath(import.meta.url);
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', self, name]);
  const memory: Memory = JSON.parse(stdout);
  all.push(memory);
  return memory.peak;
}

async function compare(): Promise<void> {
  const speed = await alternate(ROUNDS, { conversation: () => oneTurn('conversation'), bare: () => oneTurn('bare') });
  const all = { conversation: [] as Memory[], bare: [] as Memory[] };
  const peak = await alternate(MEMORY_ROUNDS, {
    conversation: () => memoryElsewhere('conversation', all.conversation),
    bare: () => memoryElsewhere('bare', all.bare),
  });
  for (const name of ['conversation', 'bare'] as const) {
    const rate = Math.round(COUNT / median(speed[name])).toLocaleString('en-US');
    const each = median(all[name].map((memory) => memory.each)).toFixed(3);
    process.stdout.write(
      `${name}: ${rate} messages/s; at most ${(median(peak[name]) / 1024 / 1024).toFixed(1)} MiB of RSS, ` +
        `${each} bytes held for each of ${(TURNS * COUNT).toLocaleString('en-US')} messages\n`,
    );
  }
  printRatio('routing', median(speed.bare) / median(speed.conversation));
  printRatio('routing-memory', median(peak.conversation) / median(peak.bare));
}

const [, , name] = process.argv;
if (name === 'conversation' || name === 'bare') process.stdout.write(`${JSON.stringify(await memoryOf(name))}\n`);
else await compare();
