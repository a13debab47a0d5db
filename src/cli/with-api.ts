import type { OptioApi } from '../contract/api.ts';
import { COMMAND } from './command.ts';
import { describeRun, UNENDED } from './find-run.ts';
import type { Outlet } from './outlet.ts';
import type { Invocation } from './program.ts';
import { styleFor } from './style.ts';

/** What a command leaves. */
export interface Result {
  /** The exit code. */
  readonly code: number;
  /** The ids of runs that it has told of. */
  readonly told?: ReadonlySet<string>;
}

/** Gives a command the API, and its exit code to the invocation. What has not ended then is left to the next command. */
export async function withApi(
  invocation: Pick<Invocation, 'complaints' | 'connect' | 'exitCode'>,
  act: (api: OptioApi) => Promise<Result>,
): Promise<void> {
  const api = await invocation.connect();
  try {
    const { code, told } = await act(api);
    invocation.exitCode = code;
    await tellOfRuns(api, 'has not ended', invocation.complaints, told);
  } finally {
    await api.close({ leave: true });
  }
}

/**
 * Names the runs that have not ended, and how to see them; `what` is said of each. Those that were `told` of before are
 * left out. Gives the ids of those that it names.
 */
export async function tellOfRuns(
  api: OptioApi,
  what: string,
  complaints: Outlet,
  told: ReadonlySet<string> = new Set(),
): Promise<Set<string>> {
  const { quiet } = styleFor({ isTTY: complaints.isTerminal });
  const runs = (await api.list({ states: [...UNENDED] })).runs.filter(({ id }) => !told.has(id));
  for (const run of runs) complaints.write(quiet(`Another run ${what}: ${COMMAND} attach ${describeRun(run)}\n`));
  return new Set(runs.map(({ id }) => id));
}
