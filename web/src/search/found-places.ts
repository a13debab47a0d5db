import type { FoundKind, FoundText } from '../../../src/contract/search.ts';
import { hashOf } from '../run/transcript/addresses.ts';

/** What was said or done there, in a word. */
export const KIND_WORDS: Readonly<Record<FoundKind, string>> = {
  message: 'Prompt',
  answer: 'Answer',
  reasoning: 'Thought',
  command: 'Command',
  output: 'Output',
  files: 'Files',
  tool: 'Tool',
  webSearch: 'Web search',
  plan: 'Plan',
  request: 'Request',
  notice: 'Notice',
  error: 'Error',
};

/** The address of a run in which one looks for this text. */
export function addressOfRun(runId: string, wanted: string): string {
  return `/runs/${runId}?find=${encodeURIComponent(wanted)}`;
}

/** The same, at the entry of its transcript in which it was found. */
export function addressOf(runId: string, wanted: string, text: FoundText): string {
  return addressOfRun(runId, wanted) + hashOf(nameOf(text));
}

/** What the row is called that shows it; see `Rows`. */
function nameOf({ kind, seq, turnId, itemId, requestId, messageId }: FoundText): string {
  if (itemId !== null) return turnId === null ? itemId : `${turnId}/${itemId}`; // an id may come again in another turn
  if (requestId !== null) return requestId;
  if (messageId !== null) return `message/${messageId}`;
  if (kind === 'error' && turnId !== null) return `${turnId}/end`;
  return `event/${seq}`;
}
