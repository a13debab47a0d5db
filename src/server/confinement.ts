import type { RunHandle } from '../contract/run-handle.ts';
import type { TaskDefinition } from '../contract/task-definition.ts';
import { type Unconfined, unconfinedInTask } from '../contract/unconfined.ts';
import { type Caller, demandRole } from './caller.ts';

/**
 * An operator can make Codex do whatever this user can, and is asked about it. What lifts the sandbox, runs a program outside of
 * it, or sends a variable of our environment to an address of the caller's, by mere configuration, needs an admin. Throws
 * `forbidden`.
 */
export function checkConfinement(caller: Caller, unconfined: readonly Unconfined[]): void {
  for (const { what } of unconfined) demandRole(caller, 'admin', what);
}

/** The same for what a run was launched with, for whoever makes another one like it. Throws `forbidden`. */
export async function checkRetry(caller: Caller, handle: RunHandle): Promise<void> {
  checkConfinement(caller, await unconfinedIn(handle));
}

/** The same for whoever talks with a run: what he says may be done outside of the sandbox. Throws `forbidden`. */
export async function checkTalk(caller: Caller, handle: RunHandle): Promise<void> {
  for (const { what, isDriven } of await unconfinedIn(handle)) {
    if (isDriven) demandRole(caller, 'admin', `talking with a run that has ${what}`);
  }
}

async function unconfinedIn(handle: RunHandle): Promise<readonly Unconfined[]> {
  return unconfinedInTask((await handle.details()).definition as TaskDefinition | null);
}
