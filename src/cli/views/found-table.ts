import type { FoundKind, FoundRun, FoundText } from '../../contract/search.ts';
import type { Column } from '../terminal/table.ts';
import { oneLine } from '../terminal/text.ts';
import { when } from '../terminal/time.ts';
import { describeState, lookOfState, shortId } from './run-table.ts';

/** A text in which something was found, with its run. */
export interface FoundLine {
  readonly found: FoundRun;
  readonly text: FoundText;
}

const FOUND_KINDS: Readonly<Record<FoundKind, string>> = {
  message: 'prompt',
  answer: 'answer',
  reasoning: 'thought',
  command: 'command',
  output: 'output',
  files: 'files',
  tool: 'tool',
  webSearch: 'web search',
  plan: 'plan',
  request: 'request',
  notice: 'notice',
  error: 'error',
};
/** How much is shown before what was found, where there is little room. */
const BEFORE = 16;

export function linesOf(found: readonly FoundRun[]): FoundLine[] {
  return found.flatMap((one) => one.texts.map((text) => ({ found: one, text })));
}

/** What was found as a table; `now` in milliseconds. `isShort`: for a terminal. */
export function foundColumns(now: number, { isShort }: { readonly isShort: boolean }): Column<FoundLine>[] {
  return [
    { title: 'RUN', cell: ({ found: { run } }) => (isShort ? shortId(run.id) : run.id), matters: 6 },
    { title: 'NAME', cell: ({ found: { run } }) => run.name, matters: 4, least: 10 },
    {
      title: 'STATE',
      cell: ({ found: { run } }) => describeState(run),
      look: ({ found: { run } }, style) => lookOfState(run, style),
      matters: 2,
    },
    { title: 'WHAT', cell: ({ text: { kind } }) => FOUND_KINDS[kind], look: (_line, style) => style.quiet, matters: 5 },
    {
      title: 'TEXT',
      cell: ({ text }) => (isShort ? beginning(text) : text.snippet),
      look: (line, style) => (text) => marked(text, wordsOf(line.text), style.strong),
      matters: 7,
      least: 24,
    },
    { title: 'MORE', cell: moreOf, look: (_line, style) => style.quiet, isRight: true, matters: 3 },
    { title: 'WHEN', cell: ({ text: { at } }) => when(at, now), look: (_line, style) => style.quiet, matters: 1 },
  ];
}

function beginning({ snippet, from }: FoundText): string {
  return from <= BEFORE ? snippet : `…${snippet.slice(from - BEFORE).toWellFormed()}`;
}

function wordsOf({ snippet, from, to }: FoundText): string {
  return oneLine(snippet.slice(from, to), Number.POSITIVE_INFINITY);
}

function marked(text: string, words: string, look: (text: string) => string): string {
  const at = words === '' ? -1 : text.indexOf(words);
  if (at < 0) return text;
  return `${text.slice(0, at)}${look(words)}${text.slice(at + words.length)}`;
}

/** Beside the last text of a run: in how many more it is written. */
function moreOf({ found: { texts, more }, text }: FoundLine): string {
  if (text !== texts.at(-1) || more === 0) return '';
  return more < 100 ? `+${more}` : '+100…';
}
