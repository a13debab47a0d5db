// The command line over a server that is not there: what a shell asks it is answered from a script.
import { main } from '../../src/cli/program.ts';
import { COMMAND_REQUEST } from '../support/run-events.ts';
import { detailsOf, LAUNCHED_AT, RUN_ID } from '../support/run-summary.ts';
import { scriptApi } from '../support/scripted-api.ts';

const { api } = scriptApi({
  runs: [detailsOf({ name: 'docs' }), detailsOf({ id: 'run-02bb000000000000', name: '$(touch evil)' })],
  requests: [{ runId: RUN_ID, openedAt: LAUNCHED_AT, request: { ...COMMAND_REQUEST, id: 'request-5f0c000000000000' } }],
});
const connect = async ({ start = true } = {}) => {
  if (start) throw new Error('somebody who types wants no server');
  if (!process.env.HANGS) return api;
  setInterval(() => {}, 60_000); // what a connection does on which nothing comes
  return new Promise<never>(() => {});
};
process.exitCode = await main(process.argv, { connect });
