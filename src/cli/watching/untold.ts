/** What of an output was not told while its command ran, and whether that is a piece of it or, since no one can say which, all of it. */
export interface Untold {
  readonly text: string;
  readonly isWhole: boolean;
}

const NOTHING: Untold = { text: '', isWhole: false };
/** What Codex, or we, have put in the place of a piece of an output that is too long. */
const SHORTENED =
  /…\d+ (?:tokens|chars) truncated…|\[\.\.\. omitted |\d+ bytes omitted|\d+ characters are left out here/;

/** What of an output is not in the text that was told of it. `told`: undefined where nothing is known of that any more. */
export function untoldOf(output: string, told: string | undefined): Untold {
  if (told === undefined || told.length >= output.length) return NOTHING;
  const gap = gapIn(output, told);
  if (gap !== undefined) return { text: gap, isWhole: false };
  // Of the rest of a text nothing can be said in which something stands that no command has put out.
  return SHORTENED.test(output) ? NOTHING : { text: output, isWhole: true };
}

/** The one piece that is missing; undefined where there are several. */
function gapIn(output: string, told: string): string | undefined {
  const length = output.length - told.length;
  let begin = 0;
  if (!output.endsWith(told)) while (begin < told.length && output[begin] === told[begin]) begin++;
  if (!output.endsWith(told.slice(begin))) return undefined;
  // Lines that begin alike let it begin in the middle of one: it is as right a few characters earlier.
  let start = begin;
  while (start > 0 && output[start - 1] !== '\n' && output[start - 1] === output[start - 1 + length]) start--;
  if (start > 0 && output[start - 1] !== '\n') start = begin;
  return output.slice(start, start + length);
}
