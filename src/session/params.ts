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

/** What the runs of a task take: what its instructions have a place for, and what it says itself. */
export interface Taken {
  readonly instructions: string;
  readonly params?: unknown;
}

/**
 * Throws `invalid-input` for a name that the task does not have, so that a slip of the pen is not passed over; and where
 * something was given, and not for each place in the instructions.
 */
export function checkParams({ instructions, params: own }: Taken, given: unknown): void {
  const names = new Set([...instructions.matchAll(PLACE)].map(([, name = '']) => name));
  for (const name of givenIn(own).keys()) names.add(name);
  const unknown = [...givenIn(given).keys()].filter((name) => !names.has(name));
  if (unknown.length > 0) {
    throw new OptioError('invalid-input', `the task has no param ${unknown.map((name) => `"${name}"`).join(', ')}`, {
      field: 'params',
      remedy:
        names.size > 0
          ? `It has: ${[...names].join(', ')}.`
          : `It has none. Write {{${unknown[0]}}} into its instructions where the value belongs.`,
    });
  }
  const [place, ...others] = unfilledIn(instructions, given);
  if (place === undefined) return;
  throw new OptioError('invalid-input', `nothing was given for ${[place, ...others].join(', ')}`, {
    field: 'params',
    remedy: 'Give it with the launch, by that name, or write it down in the params of the task.',
  });
}

function givenIn(params: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof params === 'object' && params !== null ? Object.entries(params) : []);
}
