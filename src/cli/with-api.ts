import { connect } from '../compose.ts';
import type { OptioApi } from '../contract/api.ts';
import { COMMAND } from './command.ts';
import { describeRun, UNENDED } from './find-run.ts';
import type { Outlet } from './outlet.ts';
import type { Invocation } from './program.ts';
import { styleFor } from './style.ts';

/** Gives a command the API, and its exit code to the invocation. What has not ended then is left to the next command. */
export async function withApi(
  invocation: Pick<Invocation, 'complaints' | 'exitCode'>,
  act: (api: OptioApi) => Promise<number>,
): Promise<void> {
  const api = await connect();
  try {
    invocation.exitCode = await act(api);
    await tellOfRuns(api, 'has not ended', invocation.complaints);
  } finally {
    await api.close({ leave: true });
  }
}

/** Names the runs that have not ended, and how to see them. `what` is said of each. */
export async function tellOfRuns(api: OptioApi, what: string, complaints: Outlet): Promise<void> {
  const { quiet } = styleFor({ isTTY: complaints.isTerminal });
  for (const run of await api.list({ states: [...UNENDED] })) {
    complaints.write(quiet(`Another run ${what}: ${COMMAND} attach ${describeRun(run)}\n`));
  }
}
