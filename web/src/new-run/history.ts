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
