import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

/** Names for what is shown, each with its look. */
export interface Style {
  readonly isColoured: boolean;
  strong(text: string): string;
  quiet(text: string): string;
  command(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  added(text: string): string;
  removed(text: string): string;
  place(text: string): string;
}

/** Colours where a person looks: at a terminal, or where FORCE_COLOR says so. NO_COLOR, and FORCE_COLOR=0, forbid them. */
export function styleFor(stream: Pick<WriteStream, 'isTTY'>, env: NodeJS.ProcessEnv = process.env): Style {
  const isTerminal = stream.isTTY === true && env.TERM !== 'dumb';
  const isWanted = env.FORCE_COLOR === undefined ? isTerminal : !/^(0|false)$/.test(env.FORCE_COLOR);
  const isColoured = isWanted && !env.NO_COLOR;
  const look = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    isColoured && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return {
    isColoured,
    strong: look('bold'),
    quiet: look('dim'),
    command: look(['bold', 'cyan']),
    good: look('green'),
    bad: look('red'),
    warn: look('yellow'),
    added: look('green'),
    removed: look('red'),
    place: look('cyan'),
  };
}
