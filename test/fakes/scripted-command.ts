// The command line over a server that is not there: what it is asked is answered from a script.
import { main } from '../../src/cli/program.ts';
import type { RunUpdate } from '../../src/contract/run-update.ts';
import { COMMAND_REQUEST } from '../support/run-events.ts';
import { detailsOf, LAUNCHED_AT, RUN_ID } from '../support/run-summary.ts';
import { scriptApi } from '../support/scripted-api.ts';

const runs = [detailsOf({ name: 'docs' }), detailsOf({ id: 'run-02bb000000000000', name: '$(touch evil)' })];
const { api } = scriptApi({
  runs,
  requests: [{ runId: RUN_ID, openedAt: LAUNCHED_AT, request: { ...COMMAND_REQUEST, id: 'request-5f0c000000000000' } }],
  api: {
    async *watch(): AsyncIterable<RunUpdate> {
      yield { type: 'snapshot', runs, requests: [], isPartial: false };
      await new Promise(() => {}); // nothing changes
    },
  },
});
const connect = async ({ start = true } = {}) => {
  const isTyping = process.argv.includes('__complete');
  if (start && isTyping) throw new Error('somebody who types wants no server');
  if (!process.env.HANGS) return api;
  setInterval(() => {}, 60_000); // what a connection does on which nothing comes
  return new Promise<never>(() => {});
};
process.exitCode = await main(process.argv, { connect });
