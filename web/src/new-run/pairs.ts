/** `NAME=VALUE`, one a line. */
export function readPairs(text: string): {
  readonly pairs: Record<string, string>;
  readonly wrong: string | undefined;
} {
  const pairs: [string, string][] = [];
  let wrong: string | undefined;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const at = line.indexOf('=');
    const name = line.slice(0, Math.max(0, at)).trim();
    if (name === '') wrong ??= line.trim();
    else pairs.push([name, line.slice(at + 1).trim()]);
  }
  return { pairs: Object.fromEntries(pairs), wrong };
}

export function writePairs(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

/** Words between which there are commas, spaces or new lines. */
export function readWords(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}
