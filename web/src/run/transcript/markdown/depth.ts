/** More signs of quotes and lists than anybody begins a line with. */
const DEEP = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){41}/m;

/** Further in than anybody begins an item of a list: with each level a reader looks at all lines of it once more. */
const FAR_IN = /^[ \t]{160,}(?:[-*+]|\d{1,9}[.)])[ \t]/m;

/** Whether it is not to be read as Markdown: its reader goes down a level for each sign, as deep as the text says. */
export function isTooDeep(markdown: string): boolean {
  return DEEP.test(markdown) || FAR_IN.test(markdown);
}

/** What a reader of Markdown makes of a text; null where that is deeper than it can go. */
export function tokensOf<T>(read: () => T): T | null {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof RangeError) return null; // the stack was full
    throw thrown;
  }
}
