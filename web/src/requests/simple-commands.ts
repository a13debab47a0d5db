/** After any blanks: what stands between two commands, or a word that means nothing but itself. */
const TOKEN = /[ \t]*(?:(&&|\|\||[;|\n])|((?:[A-Za-z0-9_./,:@%+=-]|'[^']*'|"[^"$`\\!]*")+))/y;
/** They make what follows another thing than a command. */
const RESERVED = new Set(
  'case coproc do done elif else end esac fi for function if in select then time until while'.split(' '),
);

/**
 * The words of each simple command of a line; undefined for a line that holds anything besides. It serves to propose a
 * rule: the server reads lines by itself, and more strictly, before a rule allows one.
 */
export function simpleCommands(line: string): string[][] | undefined {
  const text = line.trim();
  const commands: string[][] = [[]];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [, between, word] = TOKEN.exec(text) ?? [];
    if (between === undefined && word === undefined) return undefined;
    if (between !== undefined) commands.push([]);
    else commands.at(-1)?.push((word ?? '').replace(/'([^']*)'|"([^"]*)"/g, '$1$2'));
  }
  return commands.every(isCommand) ? commands : undefined;
}

function isCommand([first]: readonly string[]): boolean {
  return first !== undefined && !first.includes('=') && !RESERVED.has(first);
}
