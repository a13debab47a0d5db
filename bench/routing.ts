// How much of the speed of a bare reader is left when 200,000 deltas go through CodexConversation to one subscriber.
// The floor reads the same pipe, splits the Buffer at 0x0A and parses each line as JSON.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { CodexConversation } from '../src/codex/conversation.ts';
import { alternate, median, printRatio } from './measure.ts';

const COUNT = 200_000;
const ROUNDS = 7;
const METHOD = 'item/agentMessage/delta';

type Peer = ChildProcessByStdio<Writable, Readable, null>;

function startPeer(): Peer {
  const peer = fileURLToPath(new URL('routing-peer.ts', import.meta.url));
  return spawn(process.execPath, [peer, String(COUNT)], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Seconds from the first delta to the last, through a bootstrapped conversation. */
async function throughConversation(): Promise<number> {
  const peer = startPeer();
  const conversation = new CodexConversation({ cwd: '/' });
  conversation.attach(peer);
  void conversation.runReader();
  await conversation.bootstrap();
  let seen = 0;
  let first = 0;
  const done = new Promise<number>((resolve) => {
    conversation.onEvent((event) => {
      if (!('method' in event) || event.method !== METHOD) return;
      if (seen === 0) first = performance.now();
      if (++seen === COUNT) resolve(performance.now());
    });
  });
  await conversation.send('go');
  const last = await done;
  peer.kill();
  return (last - first) / 1000;
}

/** Seconds from the first delta to the last, with nothing in between. */
async function bare(): Promise<number> {
  const peer = startPeer();
  let seen = 0;
  let first = 0;
  let rest: Buffer = Buffer.alloc(0);
  const done = new Promise<number>((resolve) => {
    peer.stdout.on('data', (chunk: Buffer) => {
      const data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      let start = 0;
      for (let end = data.indexOf(0x0a); end >= 0; end = data.indexOf(0x0a, start)) {
        const message = JSON.parse(data.toString('utf8', start, end)) as { method?: string };
        start = end + 1;
        if (message.method !== METHOD) continue;
        if (seen === 0) first = performance.now();
        if (++seen === COUNT) resolve(performance.now());
      }
      rest = data.subarray(start);
    });
  });
  peer.stdin.write('{"id":1,"method":"turn/start","params":{}}\n');
  const last = await done;
  peer.kill();
  return (last - first) / 1000;
}

const { ours, reference } = await alternate(ROUNDS, throughConversation, bare);
const rate = (seconds: number) => `${Math.round(COUNT / seconds).toLocaleString('en-US')} messages/s`;
process.stdout.write(`through CodexConversation: ${rate(median(ours))}\nbare reader: ${rate(median(reference))}\n`);

global.gc?.();
const before = process.memoryUsage().rss;
for (let round = 0; round < 5; round++) await throughConversation();
global.gc?.();
const grown = (process.memoryUsage().rss - before) / COUNT / 5;
process.stdout.write(
  `memory: ${grown.toFixed(1)} bytes more for each message, over ${(5 * COUNT).toLocaleString('en-US')}\n`,
);
printRatio('routing', median(reference) / median(ours));
