/** Codex keeps 1 MiB of an output, and puts a line in the place of what was between its beginning and its end. */
const MARK = /\n\.\.\. (\d+) bytes omitted \.\.\.\n/;
/** What is shorter was not cut, whatever it says; in characters, each of which takes up to four bytes. */
const MIN_CUT = 256 * 1024;

/** How many bytes of the middle of an output Codex has not kept; 0 where it has kept all. */
export function bytesLost(output: string): number {
  return output.length < MIN_CUT ? 0 : Number(MARK.exec(output)?.[1] ?? 0);
}

/** An output in parts of so many lines, of which a page draws those that one sees. */
export function partsOf(output: string, lines: number): string[] {
  const text = output.endsWith('\n') ? output.slice(0, -1) : output;
  const all = text.split('\n');
  const parts: string[] = [];
  for (let at = 0; at < all.length; at += lines) parts.push(all.slice(at, at + lines).join('\n'));
  return parts;
}
