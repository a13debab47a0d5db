import { fromUnknown } from '../../errors.ts';
import { recordOf, tellError } from '../error-view.ts';
import { exitCodeOfError } from '../exit-code.ts';
import type { Outlet } from '../outlet.ts';
import type { Report } from '../report.ts';

export interface EachRunOptions {
  readonly report: Report;
  readonly complaints: Outlet;
  /** What to say of a run with which it is done. */
  readonly told: (id: string) => string;
}

/**
 * Does the same with each of the runs that were named, one after the other: what cannot be done with one keeps nothing
 * from the others. `act` gives the id of the run, or undefined where there was nothing to do. Gives the exit code.
 */
export async function forEachRun(
  names: readonly string[],
  act: (name: string) => Promise<string | undefined>,
  { report, complaints, told }: EachRunOptions,
): Promise<number> {
  const runs: string[] = [];
  let worst = 0;
  for (const name of new Set(names)) {
    try {
      const id = await act(name);
      if (id === undefined) continue;
      runs.push(id);
      if (!report.isJson) report.say(null, () => [told(id)]);
    } catch (thrown) {
      const error = fromUnknown(thrown);
      tellError(recordOf(error), complaints, report);
      worst = Math.max(worst, exitCodeOfError(error.code));
    }
  }
  if (report.isJson) report.say({ runs }, () => []);
  return worst;
}
