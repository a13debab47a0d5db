import type { FoundText } from '../contract/search.ts';

/** How much is shown before what was found and after it, and how much of itself, in characters. */
const BEFORE = 50;
const AFTER = 110;
const MAX_FOUND = 200;

/** What stands around a place of a text, in one line. */
export function snippetOf(text: string, at: number, length: number): Pick<FoundText, 'snippet' | 'from' | 'to'> {
  const end = at + Math.min(length, MAX_FOUND);
  const start = Math.max(0, at - BEFORE);
  const before = `${start > 0 ? '…' : ''}${inOneLine(text.slice(start, at))}`.trimStart();
  const found = withoutBreaks(text.slice(at, end));
  const after = `${inOneLine(text.slice(end, end + AFTER))}${end + AFTER < text.length ? '…' : ''}`.trimEnd();
  return { snippet: `${before}${found}${after}`, from: before.length, to: before.length + found.length };
}

/** What was cut in two is no character any more. */
function inOneLine(text: string): string {
  return withoutBreaks(text.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '')).replace(/ +/g, ' ');
}

function withoutBreaks(text: string): string {
  return text.replace(/[\s\p{Cc}]/gu, ' ').toWellFormed();
}
