import type { SessionConfig } from './config.ts';

/**
 * Fills what the launch gave into the instructions: `{{name}}` becomes the value of `params.name`, a text as it is and
 * anything else as JSON. A name that was not given stays as it is written, for it may be part of the task.
 */
export function withParams<C extends Pick<SessionConfig, 'instructions'>>(config: C, params: unknown): C {
  if (typeof params !== 'object' || params === null) return config;
  const given = new Map(Object.entries(params));
  const instructions = config.instructions.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (written, name: string) => {
    const value = given.get(name);
    return value === undefined ? written : typeof value === 'string' ? value : JSON.stringify(value);
  });
  return { ...config, instructions };
}
