import { styleText } from 'node:util';

const LOOKS = { debug: 'dim', info: 'green', warn: 'yellow', error: 'red' } as const;
/** What has its place in a line, and needs no name. */
const PLACED: readonly string[] = ['level', 'time', 'pid', 'msg', 'method', 'path', 'status', 'ms', 'stack'];

/** A line of the log for people: `10:00:02 info  GET /api/runs 200 3 ms route=listRuns caller=owner remote=127.0.0.1`. */
export function toText(line: string, isColoured: boolean): string {
  const said = JSON.parse(line) as Record<string, unknown>;
  const { level, time, msg, method, path, status, ms, stack } = said;
  const request = method === undefined ? [] : [method, path, status, `${ms} ms`];
  const named = Object.entries(said).flatMap(([name, value]) => (PLACED.includes(name) ? [] : [`${name}=${value}`]));
  const words = [...(msg === undefined ? [] : [msg]), ...request, ...named].map((word) => printable(String(word)));
  const look = LOOKS[level as keyof typeof LOOKS];
  const padded = String(level).padEnd(5);
  const shown = isColoured ? styleText(look, padded, { validateStream: false }) : padded;
  const frames = typeof stack === 'string' ? stack.split('\n').map((frame) => `  ${printable(frame)}\n`) : [];
  const at = new Date(String(time)).toTimeString().slice(0, 8);
  return `${at} ${shown} ${words.join(' ')}\n${frames.join('')}`;
}

/** What comes from outside moves no cursor, turns no text around, and begins no line. */
function printable(text: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, escaped);
}
