import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { OptioError } from '../errors.ts';
import { SETTINGS } from './settings.ts';

/**
 * What a configuration file says, by the names of settings; nothing when there is no such file. Throws `invalid-config` for what
 * is no TOML, and for a name that is none: with a slip of the pen something else would hold than what one believes.
 */
export function readConfigFile(file: string, isRequired: boolean): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (!isRequired && (code === 'ENOENT' || code === 'ENOTDIR')) return {};
    throw new OptioError('invalid-config', `${file} cannot be read: ${message}`, {
      cause,
      remedy: 'Correct OPTIO_CODEX_CONFIG, or make the file readable.',
    });
  }
  const said: Record<string, unknown> = {};
  collect(parseToml(file, text), '', said);
  for (const name of Object.keys(said)) {
    if (Object.hasOwn(SETTINGS, name)) continue;
    throw new OptioError('invalid-config', `${file}: there is no setting ${name}`, {
      field: name,
      remedy: `There are: ${Object.keys(SETTINGS).join(', ')}.`,
    });
  }
  return said;
}

function parseToml(file: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (cause) {
    throw new OptioError('invalid-config', `${file} is no TOML: ${(cause as Error).message.trim()}`, {
      cause,
      remedy: 'Correct it as the message says.',
    });
  }
}

/** Tables become names with dots, up to what is a setting itself. */
function collect(table: Record<string, unknown>, prefix: string, said: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(table)) {
    const name = prefix + key;
    const isTable = typeof value === 'object' && value !== null && !(value instanceof Date);
    if (isTable && !Array.isArray(value) && !Object.hasOwn(SETTINGS, name)) {
      collect(value as Record<string, unknown>, `${name}.`, said);
    } else said[name] = value;
  }
}
