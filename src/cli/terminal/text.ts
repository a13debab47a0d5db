import { stripVTControlCharacters } from 'node:util';

/**
 * Makes a text from outside safe to print: what the agent says and what commands put out could otherwise move the
 * cursor, set the clipboard, or turn the reading order around. Lines and tabs stay.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/\p{Bidi_Control}/gu, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** The same on one line, cut to a width. */
export function oneLine(text: string, width: number): string {
  const line = printable(text).replace(/\s+/g, ' ').trim();
  return line.length > width ? `${line.slice(0, Math.max(1, width - 1))}…` : line;
}

/** A name from outside, as of a file: it stays what it is, and cannot pass for lines of ours. */
export function printableName(text: string): string {
  return printable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/**
 * Data as one line of JSON that is safe to print: what JSON leaves as it is, and a terminal would obey, is written as
 * an escape that means the same.
 */
export function jsonLine(data: unknown): string {
  return `${printableJson(JSON.stringify(data))}\n`;
}

/** The same for JSON that is written already, or a part of it. */
export function printableJson(json: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replace(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, escaped);
}

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 05 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h${minutes % 60 === 0 ? '' : ` ${twoDigits(minutes % 60)} min`}`;
  return `${Math.floor(hours / 24)} d${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** `12,345`. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** `1 turn`, `1,200 turns`. */
export function counted(number: number, one: string): string {
  return `${count(number)} ${one}${number === 1 ? '' : 's'}`;
}

/** A path below the home directory as `~/…`. */
export function shortPath(path: string, home = process.env.HOME): string {
  return home && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
