import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { OptioError } from '../errors.ts';

/** Standard input, or whatever stands in for it. */
export type Input = Readable & { readonly isTTY?: boolean };

export interface ReadTextOptions {
  /** What is read, for a message: `message`. */
  readonly what: string;
  /** How to say it otherwise. */
  readonly remedy: string;
}

/**
 * What was said in words, or else, where they are `-` or none, on standard input, without the space around it. Throws
 * `invalid-input` when nothing was said.
 */
export async function readText(
  words: readonly string[],
  input: Input,
  { what, remedy }: ReadTextOptions,
): Promise<string> {
  const typed = words.join(' ').trim();
  if (typed !== '' && typed !== '-') return typed;
  // A person at a terminal who says nothing has forgotten it.
  if (typed === '' && (words.length > 0 || input.isTTY))
    throw new OptioError('invalid-input', `there is no ${what}`, { remedy });
  const piped = (await text(input)).trim();
  if (piped !== '') return piped;
  throw new OptioError('invalid-input', `standard input holds no ${what}`, { remedy });
}
