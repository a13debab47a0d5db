import { isTexts, keep, readKept } from '../design/kept.ts';

const MAX_PROMPTS = 50;
const MAX_DIRECTORIES = 20;

/** The prompts that were sent from this browser, the newest first. */
export function earlierPrompts(): readonly string[] {
  return readKept('prompts', [], isTexts);
}

export function keepPrompt(prompt: string): void {
  keep('prompts', withNewest(earlierPrompts(), prompt, MAX_PROMPTS));
}

/** The directories in which runs were begun from this browser, the newest first. */
export function earlierDirectories(): readonly string[] {
  return readKept('directories', [], isTexts);
}

export function keepDirectory(directory: string): void {
  keep('directories', withNewest(earlierDirectories(), directory, MAX_DIRECTORIES));
}

/** Each once, the newest first, and no more than so many. */
export function withNewest(before: readonly string[], newest: string, most: number): string[] {
  return [newest, ...before.filter((entry) => entry !== newest)].slice(0, most);
}

/** What a typed path may become: earlier ones that begin so first, each once. What was found fits already. */
export function suggested(
  typed: string,
  earlier: readonly string[],
  found: readonly string[],
): { readonly value: string; readonly note?: string }[] {
  const known = earlier.filter((path) => path.startsWith(typed) && path !== typed);
  // What was found for the letters before may not fit any more, until the answer for these has come.
  const fresh = found.filter((path) => !known.includes(path) && (typed.startsWith('~') || path.startsWith(typed)));
  return [...known.map((value) => ({ value, note: 'earlier' })), ...fresh.map((value) => ({ value }))];
}
