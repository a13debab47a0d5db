import { OptioError } from '../errors.ts';
import type { SessionConfig } from './config.ts';

const PLACE = /\{\{\s*([\w.-]+)\s*\}\}/g;

/**
 * Fills what the launch gave into the instructions: `{{name}}` becomes the value of `params.name`, a text as it is and
 * anything else as JSON. A name that was not given stays as it is written, for it may be part of the task.
 */
export function withParams<C extends Pick<SessionConfig, 'instructions'>>(config: C, params: unknown): C {
  const given = givenIn(params);
  const instructions = config.instructions.replace(PLACE, (written, name: string) => {
    const value = given.get(name);
    return value === undefined ? written : typeof value === 'string' ? value : JSON.stringify(value);
  });
  return { ...config, instructions };
}

/** The places in instructions for which something was to be given, and was not: nothing at all means that they are none. */
export function unfilledIn(instructions: string, params: unknown): string[] {
  const given = givenIn(params);
  if (given.size === 0) return [];
  const places = [...instructions.matchAll(PLACE)].filter(([, name = '']) => given.get(name) === undefined);
  return [...new Set(places.map(([written]) => written))];
}

/** Throws `invalid-input` where something was given, and not for each place in the instructions. */
export function checkFilled(instructions: string, params: unknown): void {
  const [place, ...others] = unfilledIn(instructions, params);
  if (place === undefined) return;
  throw new OptioError('invalid-input', `nothing was given for ${[place, ...others].join(', ')}`, {
    field: 'params',
    remedy: 'Give it with the launch, by that name, or write it down in the params of the task.',
  });
}

function givenIn(params: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof params === 'object' && params !== null ? Object.entries(params) : []);
}
