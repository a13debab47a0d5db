import { Argument, type Command, InvalidArgumentError } from 'commander';
import { COMMAND } from '../command.ts';
import { COMPLETION_SCRIPTS, type Shell } from '../completion/completion-scripts.ts';
import { type Candidate, completeWords, type LiveWords } from '../completion/completion-words.ts';
import { liveWordsOf } from '../completion/live-words.ts';
import { lineOfBash, type ShellLine } from '../completion/shell-line.ts';
import type { Invocation } from '../program.ts';
import { jsonLine, oneLine } from '../terminal/text.ts';
import { type CommonFlags, JSON_FLAG } from '../verb.ts';

const SHELLS = Object.keys(COMPLETION_SCRIPTS);
/** What a shell takes as the name of a command, and evaluates as nothing else. */
const NAME = /^\w[\w.-]*$/;
/** `npm start --` is no name that a shell could complete after. */
const CALLED = NAME.test(COMMAND) ? COMMAND : 'optio-codex';
/** A server that takes longer is not waited for by somebody who types, in milliseconds. */
const PATIENCE_MS = 1_500;

/** `completion`: what a shell needs to complete our words, and what it then asks. */
export function addCompletion(program: Command, invocation: Invocation): void {
  const { output } = invocation;
  program
    .command('completion')
    .description('Print what a shell needs to complete commands, flags, runs, tasks and requests')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .option('--name <name>', 'what the command is called in your shell (as it was called now)', readName)
    .option(...JSON_FLAG)
    .action((shell: Shell, { name = CALLED, json = false }: CommonFlags & { readonly name?: string }) => {
      const script = COMPLETION_SCRIPTS[shell](name);
      output.write(json ? jsonLine({ shell, script }) : script);
    })
    .addHelpText('after', HELP);
  program
    .command('__complete', { hidden: true })
    .argument('<shell>')
    .argument('[words...]')
    .action(async (shell: string, words: string[]) => {
      const line = shell === 'bash' ? lineOfBash(words[0] ?? '', words[1] ?? '') : lineOfZsh(words);
      let isLate = false;
      const onLate = () => {
        isLate = true;
      };
      const found = await completeWords(program, line.before, line.current, liveWords(invocation, onLate));
      for (const candidate of found)
        output.write(`${shell === 'bash' ? forBash(candidate, line) : forZsh(candidate)}\n`);
      if (isLate) process.exit(); // a connection on which nothing comes would keep us, and the shell with us
    });
}

function readName(value: string): string {
  if (NAME.test(value)) return value;
  throw new InvalidArgumentError(`"${value}" is not a valid name for a command.`);
}

function lineOfZsh(words: readonly string[]): ShellLine {
  return { before: words.slice(0, -1), current: words.at(-1) ?? '', kept: '' };
}

function forBash({ word }: Candidate, { kept }: ShellLine): string {
  return word.slice(kept.length);
}

/** `word:what it means`; a colon in the word is escaped. */
function forZsh({ word, about }: Candidate): string {
  const escaped = word.replaceAll(':', '\\:');
  return about ? `${escaped}:${oneLine(about, 80)}` : escaped;
}

/** Asks the server that runs, if one does: pressing a key begins none. */
function liveWords(invocation: Invocation, onLate: () => void): LiveWords {
  return async (kind) => {
    const asked = async () => {
      const api = await invocation.connect({ start: false });
      try {
        return await liveWordsOf(api)(kind);
      } finally {
        await api.close();
      }
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Candidate[]>((resolve) => {
      timer = setTimeout(() => {
        onLate();
        resolve([]);
      }, PATIENCE_MS);
    });
    try {
      return await Promise.race([asked().catch(() => []), late]); // without a server there are no such words
    } finally {
      clearTimeout(timer);
    }
  };
}

const HELP = `
Bash, in ~/.bashrc:  source <(${COMMAND} completion bash)
Zsh, in ~/.zshrc:    source <(${COMMAND} completion zsh)     after compinit

In a clone, where it is a function of the shell that is called oc: source <(oc completion bash --name oc)`;
