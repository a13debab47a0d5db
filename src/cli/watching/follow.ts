import type { RunHandle } from '../../contract/run-handle.ts';
import type { FollowFlags } from '../flags/launch-flags.ts';
import type { Invocation } from '../program.ts';
import type { Report } from '../report.ts';
import { watchRun } from './watch.ts';

/** Shows a run that was begun just now to its end, unless it is to be left to itself. Gives the exit code. */
export async function followRun(
  handle: RunHandle,
  { output, complaints, settings }: Invocation,
  report: Report,
  { detach = false }: FollowFlags,
): Promise<number> {
  if (!detach) return watchRun(handle, { output, complaints, settings, json: report.isJson, knowsFirst: false });
  report.say(report.isJson && (await handle.details()), () => [handle.id]);
  return 0;
}
