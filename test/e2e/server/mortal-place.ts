import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import type { OptioClient } from '../../../src/client/client.ts';
import { connect } from '../../../src/compose/connect.ts';
import { ENDED_STATES } from '../../../src/contract/outcome.ts';
import type { RunHandle } from '../../../src/contract/run-handle.ts';
import type { RunDetails } from '../../../src/contract/run-summary.ts';
import { type CommandLineEnd, runCommandLine } from '../../support/command-line.ts';
import { fakePath } from '../../support/fakes.ts';
import { until } from '../../support/processes.ts';
import { type CommandPlace, makeCommandPlace } from '../cli/command.ts';

/** When a server dies: before anything is done, after it was done and before the answer, or instead of telling this text. */
export type Moment = 'before' | 'after' | { readonly text: string };

/** A place whose servers die when they are told to. */
export interface MortalPlace {
  readonly place: CommandPlace;
  /** Runs a command line over a server that dies at a request, whose method and path this matches. Fails if it does not die. */
  survive(argv: readonly string[], request: RegExp, when: Moment): Promise<CommandLineEnd>;
  /** Lets the next server of this place die that gets such a request. */
  orderDeath(request: RegExp, when: Moment): void;
  /** Runs a command line, and gives what it says when all went well. */
  run(...argv: readonly string[]): Promise<string>;
  /** Launches a run of a prompt that holds its own script; gives its id. */
  begin(prompt: string, ...flags: readonly string[]): Promise<string>;
  /** The API, over whichever server there is by now. */
  readonly api: OptioClient;
  find(id: string): Promise<RunHandle>;
  /** Resolves with the details of a run when they are so. */
  detailsWhen(id: string, isSo: (details: RunDetails) => boolean, what: string): Promise<RunDetails>;
  /** Resolves when a run has had so many turns, and none goes on. */
  idleAfter(id: string, turns: number): Promise<void>;
  /** The id of the request of a run, once it is open. */
  requestOf(id: string): Promise<string>;
}

export async function makeMortalPlace(): Promise<MortalPlace> {
  const place = await makeCommandPlace();
  const file = join(place.home, 'death.json');
  const env = {
    ...place.env,
    NODE_OPTIONS: `--import ${pathToFileURL(fakePath('mortal-server.ts'))}`,
    OPTIO_TEST_DEATH: file,
  };
  const api = await connect({ env });
  onTestFinished(() => api.close());
  const orderDeath = (request: RegExp, when: Moment) =>
    writeFileSync(file, JSON.stringify({ request: request.source, when }));
  const runLine = async (argv: readonly string[]) => runCommandLine(await connect({ env }), argv);
  const run = async (...argv: readonly string[]) => {
    const { code, stdout, stderr } = await runLine(argv);
    expect({ code, stderr }, argv.join(' ')).toEqual({ code: 0, stderr: '' });
    return stdout.trim();
  };
  const detailsWhen: MortalPlace['detailsWhen'] = async (id, isSo, what) => {
    const handle = await api.find(id);
    await until(async () => isSo(await handle.details()), `${what} of ${id}`);
    return handle.details();
  };
  return {
    place,
    api,
    run,
    detailsWhen,
    find: (id) => api.find(id),
    begin: (prompt, ...flags) => run('run', '-d', '--fresh', ...flags, ...place.provider, prompt),
    orderDeath,
    async survive(argv, request, when) {
      const { pid } = await api.server();
      orderDeath(request, when);
      const end = await runLine(argv);
      expect(existsSync(file), `the order to die at ${request.source}, after ${argv.join(' ')}`).toBe(false);
      expect((await api.server()).pid).not.toBe(pid);
      return end;
    },
    async idleAfter(id, count) {
      const handle = await api.find(id);
      const isIdle = async () => {
        const { turns, turnOrder } = await handle.view();
        return turnOrder.length === count && turnOrder.every((turn) => turns[turn]?.status !== 'running');
      };
      await until(isIdle, `the end of turn ${count} of ${id}`);
    },
    async requestOf(id) {
      await detailsWhen(id, ({ openRequests }) => openRequests === 1, 'a request');
      const [open] = await api.requests(id);
      return open?.request.id ?? '';
    },
  };
}

/** Whether a run has ended. */
export function hasEnded({ state }: RunDetails): boolean {
  return ENDED_STATES.includes(state as (typeof ENDED_STATES)[number]);
}
