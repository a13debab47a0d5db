import type { z } from 'zod';
import type { LaunchOptions, RunOptions } from '../contract/api.ts';
import type { launchOptionsSchema, runOptionsSchema } from '../contract/launch-options.ts';

type LaunchBody = z.output<typeof launchOptionsSchema>;
type RunBody = z.output<typeof runOptionsSchema>;
type Once = Pick<LaunchOptions, 'idempotencyKey'>;

/** What a launch was sent with, as options. JSON knows no `undefined`: what is not said is not there. */
export function launchOptionsOf({ notBefore, ...rest }: LaunchBody, once: Once): LaunchOptions {
  return { ...rest, ...once, ...(notBefore !== undefined && { notBefore: new Date(notBefore) }) } as LaunchOptions;
}

/** The same with what is said of a run besides. */
export function runOptionsOf(body: RunBody, once: Once): RunOptions {
  return launchOptionsOf(body, once) as RunOptions;
}
