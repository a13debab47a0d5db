import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

const KEEP_BYTES = 64 * 1024;

/** The last part of an output, so that a failure can show it; the stream is read to its end whatever comes. */
export class OutputTail {
  #text = Buffer.alloc(0);

  constructor(stream: Readable) {
    stream.on('data', (chunk: Buffer | string) => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk; // a stream may have an encoding
      this.#text = Buffer.concat([this.#text, bytes]).subarray(-KEEP_BYTES);
    });
    stream.on('error', () => {}); // whoever owns the stream hears of it
  }

  /** The last lines, without colours; at most so many. */
  lines(count = 20): string {
    return lastLines(this.#text.toString('utf8'), count);
  }
}

export function lastLines(text: string, count: number): string {
  return stripVTControlCharacters(text).trimEnd().split('\n').slice(-count).join('\n');
}
