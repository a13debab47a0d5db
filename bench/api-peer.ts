// Calls the server of bench/api.ts, and reads its streams, in a process of its own.
import { Agent, type IncomingMessage, request } from 'node:http';
import type { Asked, Told } from './api-messages.ts';
import { percentile } from './measure.ts';

const [, , url = '', token = ''] = process.argv;
const headers = { authorization: `Bearer ${token}` };
const agent = new Agent({ keepAlive: true });
/** Each stream has a connection of its own. */
const alone = new Agent({ keepAlive: false });
/** What stands in an event that says when it was told, in nanoseconds of the clock that all processes share. */
const AT = /at:(\d+)/g;

function tell(told: Told): void {
  process.send?.(told);
}

/** One request; resolves when its answer has been read. */
function once(method: string, path: string, body: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const asked = request(url + path, { method, agent, headers: { ...headers, ...type } }, (answer) => {
      answer.resume();
      answer.once('error', reject).once('end', () => {
        if ((answer.statusCode ?? 500) < 300) resolve();
        else reject(new Error(`${method} ${path} was answered with ${answer.statusCode}`));
      });
    });
    asked.once('error', reject).end(body);
  });
}

async function call({ method, path, body, requests, atOnce }: Extract<Asked, { type: 'call' }>): Promise<void> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const times: number[] = [];
  let left = requests;
  const caller = async () => {
    while (left-- > 0) {
      const begun = performance.now();
      await once(method, path, text);
      times.push(performance.now() - begun);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: atOnce }, caller));
  const seconds = (performance.now() - start) / 1000;
  tell({ type: 'called', perSecond: requests / seconds, p50: percentile(times, 0.5), p99: percentile(times, 0.99) });
}

function open(path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url + path, { agent: alone, headers }, resolve)
      .once('error', reject)
      .end();
  });
}

async function read({ path, readers, events }: Extract<Asked, { type: 'read' }>): Promise<void> {
  const streams = await Promise.all(Array.from({ length: readers }, () => open(path)));
  const times: number[] = [];
  const all = streams.map(
    (incoming) =>
      new Promise<void>((resolve, reject) => {
        let [count, rest] = [0, ''];
        incoming.setEncoding('utf8').on('data', (text: string) => {
          const now = process.hrtime.bigint();
          const whole = rest + text;
          const end = whole.lastIndexOf('\n') + 1; // a number may be torn in the middle
          rest = whole.slice(end);
          for (const [, at = '0'] of whole.slice(0, end).matchAll(AT)) {
            times.push(Number(now - BigInt(at)) / 1e6);
            count++;
          }
          if (count >= events) resolve();
        });
        incoming.once('error', reject).once('end', () => reject(new Error('a stream has ended too early')));
      }),
  );
  tell({ type: 'open' });
  await Promise.all(all);
  for (const incoming of streams)
    incoming
      .removeAllListeners()
      .on('error', () => {})
      .destroy();
  tell({ type: 'read', p50: percentile(times, 0.5), p99: percentile(times, 0.99) });
}

process.on('message', (asked: Asked) => void (asked.type === 'call' ? call(asked) : read(asked)));
