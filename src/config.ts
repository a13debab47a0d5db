import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { readConfigFile } from './config/file.ts';
import { SETTINGS, type Setting, type SettingName, type Settings } from './config/settings.ts';
import { OptioError } from './errors.ts';

/** Where optio-codex keeps its things, how it is watched, and how its server is reached. */
export interface OptioConfig {
  /** Everything of ours that no command may read: private homes, locks. */
  readonly dataDir: string;
  /** Where fresh workspaces and worktrees are made. */
  readonly workspacesDir: string;
  /** A file that every message between us and codex is written to, logins left out. */
  readonly traceFile: string | undefined;
  /** The configuration file, which need not be there. */
  readonly file: string;
  /** What was said of everything else, by flags, environment or file. */
  readonly settings: Settings;
  /** OUR environment: where keys are looked for, and what codex gets an allow-listed part of. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface ConfigOptions {
  readonly dataDir?: string;
  readonly workspacesDir?: string;
  readonly traceFile?: string;
  /** What flags have said. */
  readonly settings?: Settings;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Options and flags before the environment, that before the file (`OPTIO_CODEX_CONFIG`, else
 * `~/.config/optio-codex/config.toml`), and that before what holds by itself. Throws `invalid-config`.
 */
export function readConfig(options: ConfigOptions = {}): OptioConfig {
  const env = options.env ?? process.env;
  const home = env.HOME || homedir();
  const chosen = env.OPTIO_CODEX_CONFIG || undefined;
  // A server in the background reads it too, and works in another directory.
  const configHome = absolute('XDG_CONFIG_HOME', env.XDG_CONFIG_HOME || join(home, '.config'));
  const file = absolute('OPTIO_CODEX_CONFIG', chosen ?? join(configHome, 'optio-codex', 'config.toml'));
  const said = { ...readConfigFile(file, chosen !== undefined) };
  const sources: Record<string, string> = {};
  for (const name of Object.keys(said)) sources[name] = `${file}: ${name}`;
  for (const [name, { variable, schema }] of Object.entries<Setting>(SETTINGS)) {
    const value = variable && env[variable];
    if (!value) continue;
    said[name] = fromText(schema, value);
    sources[name] = variable;
  }
  const { dataDir, workspacesDir, traceFile } = options;
  const given = { ...options.settings, dataDir, workspacesDir, traceFile };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    said[name] = value;
    sources[name] = name;
  }
  const settings = check(said, sources);
  const dataHome = env.XDG_DATA_HOME || join(home, '.local', 'share');
  const data =
    settings.dataDir ?? absolute(env.XDG_DATA_HOME ? 'XDG_DATA_HOME' : 'HOME', join(dataHome, 'optio-codex'));
  // Without a slash at its end, which would make `-workspaces` a directory within it.
  const dataPath = resolve(data);
  return {
    dataDir: dataPath,
    workspacesDir: resolve(settings.workspacesDir ?? `${dataPath}-workspaces`),
    traceFile: settings.traceFile,
    file,
    settings,
    env,
  };
}

function check(said: Readonly<Record<string, unknown>>, sources: Readonly<Record<string, string>>): Settings {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(said)) {
    const { schema } = SETTINGS[name as SettingName];
    const parsed = z.safeParse<z.ZodType>(schema, value);
    const source = sources[name] ?? name;
    const why = parsed.error?.issues[0]?.message;
    if (why?.startsWith('it is not an absolute path')) absolute(source, String(value));
    if (why !== undefined) {
      throw new OptioError('invalid-config', `${source}: ${why}`, {
        field: source.includes(':') ? name : source,
        remedy: 'Correct it as the message says.',
      });
    }
    settings[name] = parsed.data;
  }
  return settings as Settings;
}

function absolute(field: string, path: string): string {
  if (isAbsolute(path)) return path;
  throw new OptioError('invalid-config', `${field}: ${path} is not an absolute path`, {
    field: field.replace(/^.*: /, ''),
    remedy: 'Start it with /.',
  });
}

/** What a variable of the environment says: numbers, true and false, and lists with commas are texts there. */
function fromText(schema: z.ZodType, text: string): unknown {
  if (schema instanceof z.ZodNumber) return /^\d+$/.test(text) ? Number(text) : text;
  if (schema instanceof z.ZodBoolean) return { true: true, '1': true, false: false, '0': false }[text] ?? text;
  if (schema instanceof z.ZodArray) return text.split(',').map((part) => part.trim());
  return text;
}
