import type { z } from 'zod';
import type { LaunchOptions, RunOptions } from '../contract/api.ts';
import type { launchOptionsSchema, runOptionsSchema } from '../contract/launch-options.ts';
import type { RunSpec } from '../contract/run-spec.ts';
import { type Caller, demandRole } from './caller.ts';

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

/**
 * An operator can make Codex do whatever this user can, and is asked about it. What lifts the sandbox, runs a program outside of
 * it, or sends a variable of our environment to an address of the caller's, by mere configuration, needs an admin. Throws
 * `forbidden`.
 */
export function checkConfinement(caller: Caller, spec: RunSpec, { requests }: Pick<RunOptions, 'requests'>): void {
  const wanted = [
    [spec.sandbox === 'danger-full-access', 'full access (sandbox)'],
    [spec.exposeLogin === true, 'showing the login to the agent (exposeLogin)'],
    [spec.codexBinary !== undefined, 'another program in the place of codex (codexBinary)'],
    [spec.provider?.keyVariable !== undefined, "a variable of the server's environment (provider.keyVariable)"],
    [spec.useConfig?.some((part) => part.startsWith('mcp:')) === true, 'MCP servers of your own (useConfig)'],
    [requests?.notify !== undefined, 'a command that is run for each request (requests.notify)'],
  ] as const;
  for (const [isWanted, what] of wanted) if (isWanted) demandRole(caller, 'admin', what);
}
