import { bytesLost } from './kept.ts';

/** The end of an output, and how many of its lines are before it. */
export interface Tail {
  readonly text: string;
  readonly hidden: number;
}

/** The last lines of an output; of one without line ends, so many characters at most. */
export function tailOf(output: string, lines: number, maxChars = 200_000): Tail {
  const text = output.endsWith('\n') ? output.slice(0, -1) : output;
  let from = text.length;
  for (let left = lines; left > 0 && from > 0; left--) from = text.lastIndexOf('\n', from - 1);
  const start = Math.max(from <= 0 ? 0 : from + 1, text.length - maxChars);
  let hidden = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) hidden += 1;
  if (hidden > 1 && bytesLost(text.slice(0, start)) > 0) hidden -= 1; // the one that tells of the cut was never written
  return { text: text.slice(start), hidden: start > 0 ? Math.max(1, hidden) : 0 };
}
