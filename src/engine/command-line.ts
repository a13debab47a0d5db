/** A word of a command, without its quotes. */
interface Word {
  readonly text: string;
  /** The shell gives exactly this to the command. Otherwise it holds a pattern, which may become any number of words. */
  readonly isLiteral: boolean;
}

export type SimpleCommand = readonly Word[];

/** What means nothing but itself between blanks. Whatever is not listed in this file is refused. */
const PLAIN = /^[A-Za-z0-9_./,:@%+=-]$/;
const PATTERN = /^[*?[\]~]$/;
/** They make what follows another thing than a command. */
const RESERVED = new Set(
  'case coproc do done elif else end esac fi for foreach function if in repeat select then time until while'.split(' '),
);

/**
 * The simple commands of a line as bash would run it, in their order; undefined for a line that holds anything besides:
 * substitutions, variables, redirections, assignments, subshells, groups, comments, backslashes, what runs in the
 * background, letters beyond ASCII outside of quotes. Between the commands there may be `;`, `&&`, `||`, `|` and newlines.
 *
 * This is on purpose no parser of a shell's whole language, of which there are good ones. Whoever reads all of it has to
 * agree with each shell about all of it before a rule may trust what it says; here each character that is not known to
 * be harmless is a no. The tests let bash itself say what it makes of the lines that are taken.
 */
export function parseCommandLine(line: string): readonly SimpleCommand[] | undefined {
  const reader = new LineReader(line);
  return reader.read() ? reader.commands : undefined;
}

class LineReader {
  readonly commands: SimpleCommand[] = [];
  readonly #line: string;
  #at = 0;
  #command: Word[] = [];
  /** After `&&`, `||` and `|` a command has to follow. */
  #isOpen = false;

  constructor(line: string) {
    this.#line = line;
  }

  /** False when something is in it that is refused. */
  read(): boolean {
    while (this.#at < this.#line.length) {
      const isKnown = this.#blank() || this.#operator() || this.#word();
      if (!isKnown) return false;
    }
    this.#endCommand();
    return this.commands.length > 0 && !this.#isOpen;
  }

  #blank(): boolean {
    const [blanks] = /^[ \t]+/.exec(this.#line.slice(this.#at)) ?? [];
    this.#at += blanks?.length ?? 0;
    return blanks !== undefined;
  }

  #operator(): boolean {
    const [operator] = /^(?:\n|;|&&|\|\|?)/.exec(this.#line.slice(this.#at)) ?? [];
    if (operator === undefined) return false;
    // An operator with nothing before it would be `;;` or `|&`, or a line that the shell gives up half-way.
    if (this.#command.length === 0 && operator !== '\n') return false;
    this.#endCommand();
    if (operator !== '\n' && operator !== ';') this.#isOpen = true;
    this.#at += operator.length;
    return true;
  }

  #endCommand(): void {
    if (this.#command.length === 0) return;
    this.commands.push(this.#command);
    this.#command = [];
    this.#isOpen = false;
  }

  #word(): boolean {
    const start = this.#at;
    let text = '';
    let isLiteral = true;
    for (let piece = this.#piece(); piece; piece = this.#piece()) {
      text += piece.text;
      if (!piece.isLiteral) isLiteral = false;
    }
    const raw = this.#line.slice(start, this.#at);
    if (raw === '' || raw.startsWith('=')) return false; // zsh puts a path in the place of `=word`
    const isFirst = this.#command.length === 0;
    // What looks like an assignment may be one, and a pattern may become the name of any command.
    if (isFirst && (!isLiteral || raw.includes('=') || RESERVED.has(raw))) return false;
    this.#command.push({ text, isLiteral });
    return true;
  }

  #piece(): Word | undefined {
    const rest = this.#line.slice(this.#at, this.#at + 1);
    if (rest === "'" || rest === '"') return this.#quoted(rest);
    const isLiteral = PLAIN.test(rest);
    if (!isLiteral && !PATTERN.test(rest)) return undefined;
    this.#at++;
    return { text: rest, isLiteral };
  }

  #quoted(quote: string): Word | undefined {
    const end = this.#line.indexOf(quote, this.#at + 1);
    const text = this.#line.slice(this.#at + 1, end);
    if (end < 0 || text.includes('\0') || (quote === '"' && /[$`\\!]/.test(text))) return undefined;
    this.#at = end + 1;
    return { text, isLiteral: true };
  }
}

/**
 * Whether these words occur in a line, in this order and wherever, quoted or not, the first of them as a name or at the
 * end of a path. It takes no shell for this, so that it holds for any line that shows them; where they stand for
 * something else it says yes too often. What a line does not show, behind a variable, it does not see.
 */
export function mentions(line: string, prefix: readonly string[]): boolean {
  const [name, ...more] = prefix.flatMap(wordsIn);
  if (name === undefined) return prefix.every((word) => line.includes(word));
  const words = wordsIn(line);
  let at = words.findIndex((word) => word === name || word.endsWith(`/${name}`));
  for (const next of more) {
    if (at < 0) return false;
    at = words.indexOf(next, at + 1);
  }
  return at >= 0;
}

function wordsIn(line: string): string[] {
  const bare = line.replace(/\\\n|['"\\]/g, '');
  return bare.split(/[\s;&|<>(){}$`!#^,=]+/).filter((word) => word !== '');
}
