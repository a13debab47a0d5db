import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewSeed } from '../../contract/seed.ts';
import { keepSafe, type SafeConfig } from '../../contract/seed-config.ts';
import { OptioError } from '../../errors.ts';
import { type Input, readText } from '../input.ts';
import { printable, printableName } from '../terminal/text.ts';

/** What a CODEX_HOME holds that belongs to a seed. */
const [AUTH, CONFIG] = ['auth.json', 'config.toml'];

export interface SourceFlags {
  /** An auth.json, `-` for standard input, or the directory in which it is. */
  readonly from?: string;
  /** A config.toml. */
  readonly config?: string;
}

/** What a seed is made of that lies in files here. */
export interface SeedSource {
  readonly seed: Pick<NewSeed, 'auth' | 'config'>;
  /** For whoever asked: what of a config.toml goes along, and what does not. */
  readonly told: readonly string[];
}

/**
 * Reads what is to be saved. Of a config.toml only what is kept leaves this process: the rest may hold secrets. Throws
 * `invalid-input` for what cannot be read.
 */
export async function readSeedSource({ from, config }: SourceFlags, input: Input): Promise<SeedSource> {
  const isHome = from !== undefined && from !== '-' && (await isDirectory(from));
  const auth = from === undefined ? undefined : await readAuth(isHome ? join(from, AUTH) : from, input);
  const found = await readConfig(config, isHome ? join(from, CONFIG) : undefined);
  return {
    seed: { ...(auth !== undefined && { auth }), ...(found && { config: found.kept.content }) },
    told: found ? wordsFor(found.file, found.kept) : [],
  };
}

/** What of a config.toml a seed is to have, and what is to be said of that. Throws what `readSeedSource` throws. */
export async function readSettings(file: string): Promise<SafeConfig & Pick<SeedSource, 'told'>> {
  const content = await readFile(file, 'utf8').catch((cause: Error) => {
    throw unreadable(file, cause, NAME_CONFIG);
  });
  const kept = keepToml(file, content, 'Correct it.');
  return { ...kept, told: wordsFor(file, kept) };
}

interface FoundConfig {
  readonly file: string;
  readonly kept: SafeConfig;
}

/** The one that is named, or the one beside the login, which need not be there. */
async function readConfig(named: string | undefined, beside: string | undefined): Promise<FoundConfig | undefined> {
  const file = named ?? beside;
  if (file === undefined) return undefined;
  const content = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (named === undefined && cause.code === 'ENOENT') return undefined;
    throw unreadable(file, cause, named === undefined ? NAME_AUTH : NAME_CONFIG);
  });
  if (content === undefined) return undefined;
  const remedy = `Correct it${named === undefined ? `, or name the ${AUTH} beside it` : ''}.`;
  return { file, kept: keepToml(file, content, remedy) };
}

function keepToml(file: string, content: string, remedy: string): SafeConfig {
  const kept = keepSafe(content);
  if (kept.isToml) return kept;
  throw new OptioError('invalid-input', `${file} is no TOML`, { field: 'config', remedy });
}

function wordsFor(file: string, { settings, dropped }: SafeConfig): string[] {
  const list = (names: readonly string[]) => names.map((name) => printableName(name)).join(', ');
  const kept = list(Object.keys(settings)) || 'nothing';
  const left = dropped.length > 0 ? ` Left out: ${list(dropped)}.` : '';
  return [`Of ${printable(file)} it has: ${kept}.${left}`];
}

async function readAuth(file: string, input: Input): Promise<string> {
  if (file === '-') return readText([], input, { what: AUTH, remedy: 'Send its content, or name the file.' });
  return readFile(file, 'utf8').catch((cause: Error) => {
    throw unreadable(file, cause, 'Name the auth.json in a CODEX_HOME that is logged in, or that directory.');
  });
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

const NAME_CONFIG = 'Name a config.toml of Codex.';
const NAME_AUTH = `Let it be readable, or name the ${AUTH} beside it.`;

function unreadable(file: string, cause: Error, remedy: string): OptioError {
  return new OptioError('invalid-input', `${file} cannot be read: ${cause.message}`, { cause, remedy });
}
