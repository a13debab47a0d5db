import type { Argument, Command, Option } from 'commander';

/** A word that may stand where the cursor is. */
export interface Candidate {
  readonly word: string;
  /** What it means, for shells that show it. */
  readonly about?: string;
}

/** What is known only at the moment: `run`, `task` and `request` are the names of arguments that may be completed so. */
export type LiveWords = (kind: string) => Promise<readonly Candidate[]>;

/**
 * Words of other characters are not offered: a shell would put them on the command line as they are, and what they are
 * made of comes from outside.
 */
const SAFE = /^[\w@%+=:,./-]+$/;
/** A name that a flag could be taken for is not offered either. */
const SAFE_NAME = /^[^-]/;

/**
 * What the word at the cursor may become: `before` are the words ahead of it, without that of the program. Nothing where
 * only a file or a text makes sense.
 */
export async function completeWords(
  program: Command,
  before: readonly string[],
  current: string,
  live: LiveWords,
): Promise<Candidate[]> {
  const place = placeOf(program, before);
  const { command, option } = place;
  const [flag, value] = splitFlag(current);
  let found: readonly Candidate[];
  let prefix = '';
  if (option) found = await valuesOf(option, live);
  else if (!place.isPastFlags && value !== undefined) {
    const named = findOption(command, flag);
    prefix = `${flag}=`;
    found = named ? await valuesOf(named, live) : [];
  } else if (!place.isPastFlags && current.startsWith('-')) found = flagsOf(command);
  else if (command.commands.length > 0 && place.arguments === 0) found = commandsOf(command);
  else found = await argumentsOf(command, place.arguments, live);
  return found
    .map(({ word, ...more }) => ({ ...more, word: prefix + word }))
    .filter(({ word }) => word.startsWith(current) && SAFE.test(word));
}

interface Place {
  readonly command: Command;
  /** The flag whose value stands at the cursor. */
  readonly option: Option | undefined;
  /** How many arguments stand ahead of the cursor. */
  readonly arguments: number;
  /** After `--` there are no flags. */
  readonly isPastFlags: boolean;
}

function placeOf(program: Command, words: readonly string[]): Place {
  let command = program;
  let option: Option | undefined;
  let count = 0;
  let isPastFlags = false;
  for (const word of words) {
    if (option) option = undefined;
    else if (!isPastFlags && word === '--') isPastFlags = true;
    else if (!isPastFlags && word.startsWith('-') && word !== '-') {
      const named = findOption(command, word);
      option = named?.required ? named : undefined;
    } else {
      const next = count === 0 ? visible(command).find((sub) => sub.name() === word) : undefined;
      if (next) command = next;
      else count++;
    }
  }
  return { command, option, arguments: count, isPastFlags };
}

/** `--flag=value` in its two parts; the second is undefined without a `=`. */
function splitFlag(word: string): readonly [flag: string, value: string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function findOption(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => flag === long || flag === short);
}

function flagsOf(command: Command): Candidate[] {
  const shown = command.options.filter(({ hidden, long }) => !hidden && long);
  const own = shown.map(({ long, description }) => ({ word: long as string, about: description }));
  return [...own, { word: '--help', about: 'how it is used' }];
}

function commandsOf(command: Command): Candidate[] {
  return visible(command).map((sub) => ({ word: sub.name(), about: sub.description() }));
}

/** Without those that are hidden from the help. */
function visible(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command);
}

async function argumentsOf(command: Command, index: number, live: LiveWords): Promise<readonly Candidate[]> {
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  const argument: Argument | undefined = registeredArguments[index] ?? (last?.variadic ? last : undefined);
  if (!argument) return [];
  return argument.argChoices?.map((word) => ({ word })) ?? namesOf(argument.name(), live);
}

async function valuesOf(option: Option, live: LiveWords): Promise<readonly Candidate[]> {
  const choices = option.argChoices?.map((word) => ({ word }));
  const kind = /<([\w-]+)>/.exec(option.flags)?.[1];
  return choices ?? (kind ? namesOf(kind, live) : []);
}

async function namesOf(kind: string, live: LiveWords): Promise<Candidate[]> {
  return (await live(kind)).filter(({ word }) => SAFE_NAME.test(word));
}
