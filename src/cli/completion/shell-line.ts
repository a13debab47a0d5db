/** The words of a command line up to the cursor, and the one at the cursor as far as it was typed. */
export interface ShellLine {
  readonly before: readonly string[];
  readonly current: string;
  /** How much at the beginning of the current word the shell keeps as it is. */
  readonly kept: string;
}

/** Takes a line apart roughly as a shell does: quotes and backslashes are taken away. */
export function splitLine(line: string): string[] {
  const words = [''];
  let quote = '';
  let isWord = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] as string;
    if (quote === '' && /\s/.test(character)) {
      if (isWord) words.push('');
      isWord = false;
      continue;
    }
    isWord = true;
    if (character === quote) quote = '';
    else if (quote === '' && /['"]/.test(character)) quote = character;
    else if (character === '\\' && quote !== "'") words[words.length - 1] += line[++at] ?? '';
    else words[words.length - 1] += character;
  }
  return words;
}

/**
 * What Bash tells: the line up to the cursor, and the piece at the cursor that it will replace. Bash breaks words at `=` and
 * `:` too, so that piece may be the end of a word.
 */
export function lineOfBash(line: string, piece: string): ShellLine {
  const [, ...words] = splitLine(line);
  const current = words.pop() ?? '';
  const kept = current.endsWith(piece) ? current.slice(0, current.length - piece.length) : '';
  return { before: words, current, kept };
}
