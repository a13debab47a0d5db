import type { Token } from 'marked';
import { isTooDeep, tokensOf } from './depth.ts';
import { markdownReader } from './reader.ts';

/** How long a block may be, in characters, before it is cut: a text that never ends would be read anew for each word. */
const MAX_BLOCK = 8_000;

interface Block {
  /** What is to be shown, as Markdown. */
  readonly raw: string;
  /** How many characters of the text it stands for. */
  readonly length: number;
  /** What has to be put before whatever follows for that to be read as what it is: the block was cut. */
  readonly carry: string;
}

/** The blocks of a text that grows: only its last ones are read again. */
export class Blocks {
  #text = '';
  /** Where the blocks end that no more text can change. */
  #settledAt = 0;
  #carry = '';
  #settled: string[] = [];
  #all: readonly string[] = [];

  /** The blocks of this text, each to be read by itself. `isWhole`: no more comes, so all of it is read together. */
  of(text: string, isWhole: boolean): readonly string[] {
    if (isWhole) return shown(splitBlocks(text, ''));
    if (text === this.#text) return this.#all;
    if (!text.startsWith(this.#text)) [this.#settledAt, this.#carry, this.#settled] = [0, '', []];
    const blocks = splitBlocks(text.slice(this.#settledAt), this.#carry);
    this.#all = [...this.#settled, ...shown(blocks)];
    // What is last may still grow, and may become a part of what is before it.
    const fresh = blocks.slice(0, lastButOne(blocks));
    this.#settledAt += fresh.reduce((sum, { length }) => sum + length, 0);
    this.#carry = fresh.at(-1)?.carry ?? this.#carry;
    this.#settled.push(...shown(fresh));
    this.#text = text;
    return this.#all;
  }
}

/** The text, cut where one block ends and another begins. */
function splitBlocks(text: string, carry: string): Block[] {
  const whole = carry + text;
  const tokens: Token[] | null = isTooDeep(whole) ? null : tokensOf(() => markdownReader().blockTokens(whole, []));
  if (!tokens) return [{ raw: whole, length: text.length, carry: '' }];
  const blocks = tokens.flatMap((token) => cut(token.raw, token.type));
  const [first, ...rest] = blocks;
  return first ? [{ ...first, length: first.length - carry.length }, ...rest] : [];
}

/** A block that is too long, as several that look alike. */
function cut(raw: string, type: string): Block[] {
  const carry = carryOf(raw, type);
  const pieces: Block[] = [];
  let rest = raw;
  let repeated = 0;
  while (carry !== null && rest.length > MAX_BLOCK) {
    const end = type === 'list' ? endOfItems(rest) : endOfLine(rest);
    if (end <= carry.length || end >= rest.length) break;
    pieces.push({ raw: rest.slice(0, end), length: end - repeated, carry });
    rest = carry + rest.slice(end);
    repeated = carry.length;
  }
  return [...pieces, { raw: rest, length: rest.length - repeated, carry: '' }];
}

/** What each piece of it has to begin with; null for what cannot be cut. */
function carryOf(raw: string, type: string): string | null {
  switch (type) {
    case 'paragraph':
    case 'text':
    case 'list':
      return '';
    case 'code':
      return /^ {0,3}(?:`{3,}|~{3,})[^\n]*\n/.exec(raw)?.[0] ?? null;
    case 'table':
      return /^[^\n]*\n[^\n]*\n/.exec(raw)?.[0] ?? null;
    default:
      return null;
  }
}

function endOfLine(raw: string): number {
  const line = raw.lastIndexOf('\n', MAX_BLOCK - 1);
  if (line > 0) return line + 1;
  const word = raw.lastIndexOf(' ', MAX_BLOCK - 1);
  return word > 0 ? word + 1 : MAX_BLOCK;
}

/** Where an item that is not within another one begins, as late as the bound allows. */
function endOfItems(raw: string): number {
  let end = 0;
  for (const { index } of raw.slice(0, MAX_BLOCK).matchAll(/\n(?=(?:[-*+]|\d{1,9}[.)]) )/g)) end = index + 1;
  return end;
}

function shown(blocks: readonly Block[]): string[] {
  return blocks.flatMap(({ raw }) => (isInk(raw) ? [raw] : []));
}

/** Where the last block but one begins; what is blank does not count. */
function lastButOne(blocks: readonly Block[]): number {
  let left = 2;
  for (let at = blocks.length - 1; at >= 0; at--) if (isInk(blocks[at]?.raw ?? '') && --left === 0) return at;
  return 0;
}

function isInk(raw: string): boolean {
  return raw.trim() !== '';
}
