import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sessionMark } from '../../src/codex/launch.ts';
import type { RunEvent } from '../../src/contract/event.ts';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { ProcessIdentity } from '../../src/hosts/host.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { sweepMarked } from '../../src/hosts/stop.ts';
import { createCodexTask } from '../../src/session/task.ts';
import type { Store } from '../../src/store/store.ts';
import type { RetryPolicy } from '../../src/task/task.ts';
import { type ModelScript, ScriptedModel } from '../../src/testing/index.ts';
import { subdirectory, testDirectory } from './directories.ts';
import { openEngine } from './engine.ts';
import { countMarked } from './processes.ts';

/** An engine in this process, whose runs are those of the real codex with a scripted model. */
export interface CodexEngine {
  readonly engine: Engine;
  readonly store: Store;
  readonly model: ScriptedModel;
  /** Where the runs keep their private things. */
  readonly data: string;
  launch(spec: Partial<RunSpec> & Pick<RunSpec, 'instructions'>, retry?: RetryPolicy): Promise<CodexRun>;
}

export interface CodexRun {
  readonly id: string;
  readonly outcome: Promise<RunOutcome>;
  /** The journal until the run has ended; `onEvent` sees each event as it comes. */
  events(onEvent?: (event: RunEvent) => unknown): Promise<RunEvent[]>;
  /** The codex that it has now, as it is written down. */
  codex(): Promise<ProcessIdentity>;
  /** Processes of it, its private directory, and its note that a workspace is taken. */
  leftovers(): number;
}

export async function openCodexEngine({ script }: { readonly script?: ModelScript } = {}): Promise<CodexEngine> {
  const model = await ScriptedModel.start(script ? { script } : {});
  onTestFinished(() => model.close());
  const root = testDirectory('codex-engine');
  const [data, home] = [subdirectory(root, 'data'), subdirectory(root, 'home')];
  const { engine, store } = await openEngine({
    directory: data,
    host: new LocalHost({ home }),
    directories: { data, workspaces: join(root, 'workspaces') },
    env: { PATH: process.env.PATH, HOME: home },
  });
  const launch: CodexEngine['launch'] = async (spec, retry) => {
    const config: RunSpec = {
      autoStart: true,
      endRule: 'firstTurn',
      workspace: { fresh: true },
      provider: { baseUrl: model.url },
      model: 'scripted',
      ...spec,
    };
    await engine.tasks.define(createCodexTask({ id: 'task', name: 'Task', config, ...(retry && { retry }) }));
    const { id } = await engine.launch('task');
    const mark = sessionMark(id, join(data, 'runs', id, 'codex'));
    onTestFinished(async () => void (await sweepMarked(mark))); // a test that fails may leave some
    return {
      id,
      outcome: engine.runs.outcome(id),
      async events(onEvent = () => {}) {
        const events: RunEvent[] = [];
        for await (const event of engine.runs.events(id)) {
          events.push(event);
          await onEvent(event);
        }
        return events;
      },
      async codex() {
        const record = await engine.runs.find(id);
        if (!record) throw new Error(`there is no run ${id}`);
        return (record.checkpoint as { codex: ProcessIdentity }).codex;
      },
      leftovers: () => countMarked(mark) + entries(data, 'runs') + entries(data, 'locks'),
    };
  };
  return { engine, store, model, data, launch };
}

function entries(...path: [string, ...string[]]): number {
  const directory = join(...path);
  return existsSync(directory) ? readdirSync(directory).length : 0;
}
