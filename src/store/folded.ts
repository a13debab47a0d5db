/** How many of the trigrams of a long text are looked up: with so many there is hardly a text that has them by chance. */
const MAX_TRIGRAMS = 24;

/** The same text in lower case, letter by letter: each stands where it stood, so that a place in one is one in the other. */
export function folded(text: string): string {
  return text.replaceAll('İ', 'i').toLowerCase().replaceAll('ς', 'σ');
}

/** The same text as every database can keep it: of what is no character one sign is left. */
export function keepable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** Some of the trigrams of a folded text, spread over it; none of one that is shorter. */
export function trigramsOf(text: string): string[] {
  const characters = Array.from(text);
  const count = Math.max(0, characters.length - 2);
  const some = Math.min(count, MAX_TRIGRAMS);
  const starts = Array.from({ length: some }, (_, at) => Math.round((at * (count - 1)) / Math.max(1, some - 1)));
  return [...new Set(starts.map((start) => characters.slice(start, start + 3).join('')))];
}
