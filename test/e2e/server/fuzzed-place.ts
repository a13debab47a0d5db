import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { authenticator } from '../../../src/compose/authenticator.ts';
import type { OptioApi } from '../../../src/contract/api.ts';
import type { RunEvent } from '../../../src/contract/event.ts';
import { NO_USAGE } from '../../../src/contract/usage.ts';
import { Optio } from '../../../src/optio.ts';
import type { RunContext } from '../../../src/task/context.ts';
import type { Task } from '../../../src/task/task.ts';
import { testDirectory } from '../../support/directories.ts';
import { until } from '../../support/processes.ts';
import { openServer } from '../../support/server.ts';

/** A real Optio behind a server, with something in it that nothing that is sent may change. */
export interface FuzzedPlace {
  readonly optio: Optio;
  readonly port: number;
  readonly owner: string;
  readonly viewer: string;
  readonly operator: string;
  /** The runs that nobody may touch: one that has ended, one that waits for an answer, one that waits for its begin. */
  readonly kept: readonly string[];
  /** What is there for a route to act on: new ones for each. */
  supply(): Promise<Supply>;
  /** All that nobody may touch, as it stands. */
  look(): Promise<unknown>;
}

export interface Supply {
  readonly ended: readonly string[];
  /** They have not ended; the first waits for an answer. */
  readonly open: readonly string[];
}

const OWNER = 'the-secret-of-the-owner';
/** How many runs there are that wait for an answer and may be acted on. */
const ASKING = 60;
const OUTCOME = { status: 'done', durationMs: 0, usage: NO_USAGE, turns: 0 } as const;

function quick(id: string): Task {
  return { id, name: id, execute: async () => ({ ...OUTCOME, text: `${id} is done` }) };
}

/** It has a workspace, and waits until somebody answers. */
function asking(id: string, workspace: string): Task {
  const execute = async (context: RunContext) => {
    context.emit({
      ...{ type: 'session.started', threadId: 't', isResumed: false, codexVersion: '0.0.0', model: 'm', login: 'none' },
      workspace: { path: workspace, kind: 'directory' },
      sandbox: {
        ...{ mode: 'read-only', isolation: 'standard', network: false, profile: 'locked', approvalPolicy: 'never' },
      },
    });
    const about = { threadId: 't', turnId: null, itemId: null, sandboxed: 'yes', cwd: workspace } as const;
    const { answer } = await context.ask({ kind: 'command', id: `ask-${id}`, command: 'ls', ...about }, context.signal);
    return { ...OUTCOME, text: JSON.stringify(answer) };
  };
  return { id, name: id, canRecover: true, execute };
}

export async function makeFuzzedPlace(): Promise<FuzzedPlace> {
  const root = testDirectory('fuzz');
  const [parent, keptFiles] = [join(root, 'parent'), join(root, 'kept')];
  const workspace = join(parent, 'workspace');
  for (const directory of [workspace, keptFiles]) mkdirSync(directory, { recursive: true });
  for (const directory of [parent, workspace, keptFiles]) writeFileSync(join(directory, 'file.txt'), 'as it was');
  // No login that is made up here is shown to its provider, and none is begun there.
  const nowhere = {
    HTTPS_PROXY: 'http://127.0.0.1:9',
    https_proxy: 'http://127.0.0.1:9',
    OPTIO_CODEX_KEEP_SEEDS: 'false',
  };
  const options = { dataDir: join(root, 'data'), env: { PATH: process.env.PATH, HOME: root, ...nowhere } };
  const tasks = [quick('kept-quick'), asking('kept-asking', keptFiles), quick('quick'), asking('asking', workspace)];

  const before = await Optio.open(options);
  for (const task of tasks) await before.define(task);
  const launched = async (id: string) => (await before.launch(id)).id;
  const kept = [await launched('kept-quick'), await launched('kept-asking')];
  const [ended, open]: [string[], string[]] = [[], []];
  for (let count = 0; count < ASKING; count++) {
    ended.push(await launched('quick'));
    open.push(await launched('asking'));
  }
  await until(async () => (await before.requests()).length === ASKING + 1, 'all requests');
  for (const id of [...ended, kept[0] as string]) await (await before.find(id)).outcome;
  await before.close({ leave: true });

  // No run begins in here: what is launched is written down only, so that no codex does what a spec has come to say.
  const optio = await Optio.open({ ...options, limits: { total: 0 } });
  onTestFinished(() => optio.close({ leave: true }));
  for (const task of tasks) await optio.define(task);
  const config = { instructions: 'Go', workspace: { directory: keptFiles } };
  await optio.addTask({ id: 'kept-task', config });
  kept.push((await optio.launch('kept-task', { name: 'kept-waiting' })).id);
  await optio.block({ metadata: { nobody: 'has this' } }, { reason: 'kept', persist: true });
  const token = await optio.createToken({ name: 'kept', role: 'viewer' });
  const operator = await optio.createToken({ name: 'operates', role: 'operator' });

  const supply = async (): Promise<Supply> => {
    // A block of all launches would leave nothing to be launched.
    for (const block of await optio.blocks()) if (block.reason !== 'kept') await block.release();
    await optio.addTask({ id: 'task', config });
    await optio.resumeTask('task');
    const waiting = await optio.launch('task', { name: 'waiting' });
    return { ended: ended.splice(0, 1), open: [...open.splice(0, 1), waiting.id] };
  };
  const look = async () => ({
    runs: await Promise.all(kept.map(async (id) => storyOf(optio, id))),
    tasks: (await optio.tasks()).filter(({ id }) => id.startsWith('kept')),
    blocks: (await optio.blocks()).filter(({ reason }) => reason === 'kept').map(({ id }) => id),
    tokens: (await optio.tokens()).filter(({ id }) => id === token.id),
    requests: (await optio.requests()).filter(({ runId }) => kept.includes(runId)),
    files: [keptFiles, parent].map((directory) => [
      readdirSync(directory),
      readFileSync(join(directory, 'file.txt'), 'utf8'),
    ]),
  });
  await until(async () => JSON.stringify(await look()).split('"session.started"').length === 3, 'the take-over');
  const authenticate = authenticator(
    () => OWNER,
    (secret) => optio.authenticate(secret),
  );
  const { port } = await openServer(withoutRepetition(optio), { authenticate, streams: { heartbeatMs: 30 } });
  return { optio, port, owner: OWNER, viewer: token.secret, operator: operator.secret, kept, supply, look };
}

/** All of a run, up to what it holds by now. */
async function storyOf(optio: Optio, id: string) {
  const handle = await optio.find(id);
  const view = await handle.view();
  const events: RunEvent[] = [];
  for await (const event of view.seq === 0 ? [] : handle.events()) {
    events.push(event);
    if (event.seq >= view.seq) break;
  }
  return { details: await handle.details(), view, events };
}

/** An Optio that looks at its machine once, and not again for everybody who asks: that starts a codex each time. */
function withoutRepetition(optio: Optio): OptioApi {
  const known = new Map<string | symbol, unknown>();
  return new Proxy(optio, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'models' && name !== 'doctor') return value.bind(target);
      return () => {
        if (!known.has(name)) known.set(name, value.call(target));
        return known.get(name);
      };
    },
  });
}
