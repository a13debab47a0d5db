/** How many characters a name has at most. */
const MAX_NAME = 60;

/** The name of a run that was given none: what it is to do, in a line, cut between words. */
export function quickName(instructions: string): string {
  const line = instructions
    .slice(0, 10 * MAX_NAME)
    .replace(/[\s\0]+/g, ' ')
    .trim();
  if (line.length <= MAX_NAME) return line;
  const begun = line.slice(0, MAX_NAME);
  const end = begun.lastIndexOf(' ');
  // A word that is half of it, and languages without spaces: not in the middle of a character, at least.
  const kept = end >= MAX_NAME / 2 ? begun.slice(0, end) : begun.slice(0, -1).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept.replace(/[\s,;:.]+$/, '')}…`;
}
