import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { sessionMark } from '../../src/codex/launch.ts';
import type { RunEvent, RunEventOf, RunEventType } from '../../src/contract/event.ts';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import type { RunHandle } from '../../src/contract/run-handle.ts';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import type { ProcessMark } from '../../src/hosts/host.ts';
import { Optio, type OptioOptions } from '../../src/optio.ts';
import { CODEX_HOME } from '../../src/session/prepared.ts';
import { ScriptedModel, type ScriptedModelOptions } from '../../src/testing/model.ts';
import { compiled } from './compiled.ts';
import { testDirectory } from './directories.ts';
import { countMarked } from './processes.ts';

export interface RunPlace {
  readonly optio: Optio;
  readonly model: ScriptedModel;
  /** Stands in for the user's home. */
  readonly home: string;
  readonly dataDir: string;
  readonly workspace: string;
  /** The environment of optio-codex. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface PlaceOptions {
  readonly script?: ScriptedModelOptions['script'];
  /** More of the environment of optio-codex. */
  readonly env?: Readonly<Record<string, string>>;
  readonly optio?: OptioOptions;
  /** What the data directory is called. */
  readonly dataName?: string;
}

/** An Optio of its own, with a home, a workspace and a scripted model. */
export async function makePlace(options: PlaceOptions = {}): Promise<RunPlace> {
  const root = testDirectory('run');
  const [home, workspace] = [join(root, 'home'), join(root, 'workspace')];
  for (const directory of [home, workspace]) mkdirSync(directory);
  const dataDir = join(root, options.dataName ?? 'data');
  const model = await ScriptedModel.start(options.script ? { script: options.script } : {});
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: home, ...compiled(), ...options.env };
  const optio = await Optio.open({ dataDir, env, ...options.optio });
  onTestFinished(async () => {
    await optio.close();
    await model.close();
  });
  return { optio, model, home, dataDir, workspace, env };
}

/** A run that was watched to its end. */
export interface WatchedRun {
  readonly handle: RunHandle;
  readonly events: readonly RunEvent[];
  readonly outcome: RunOutcome;
  /** All events of a type. */
  of<T extends RunEventType>(type: T): RunEventOf<T>[];
  /** The output of every command, in order. */
  readonly outputs: readonly string[];
}

/** How the processes of a run are known. */
export function markOf({ dataDir }: Pick<RunPlace, 'dataDir'>, runId: string): ProcessMark {
  return sessionMark(runId, join(dataDir, 'runs', runId, CODEX_HOME));
}

/** What of a spec a test has to say; the rest is the place's. */
export type TestSpec = Partial<RunSpec> & { readonly instructions: string };

/** Starts a run in the place's workspace with the scripted model. */
export function startRun(place: RunPlace, spec: TestSpec): Promise<RunHandle> {
  return place.optio.run(specIn(place, spec));
}

/** A saved login is one of OpenAI's: whoever has one gets to the model by way of the provider that made it. */
export function specIn(place: Pick<RunPlace, 'model' | 'workspace'>, spec: TestSpec): RunSpec {
  const hasSeed = spec.seedId !== undefined || spec.seedPool !== undefined;
  return {
    workspace: { directory: place.workspace },
    ...(hasSeed ? { model: 'gpt-5.5' } : { provider: { baseUrl: place.model.url }, model: 'scripted' }),
    ...spec,
  };
}

/** Starts a run and watches it to its end; no process of it may outlive it. */
export async function watchRun(
  place: RunPlace,
  spec: TestSpec,
  onEvent: (event: RunEvent, handle: RunHandle) => unknown = () => {},
): Promise<WatchedRun> {
  const handle = await startRun(place, spec);
  const events: RunEvent[] = [];
  for await (const event of handle.events()) {
    events.push(event);
    await onEvent(event, handle);
  }
  expect(countMarked(markOf(place, handle.id)), 'processes that outlived the run').toBe(0);
  const of = <T extends RunEventType>(type: T) => events.filter((event): event is RunEventOf<T> => event.type === type);
  const commands = of('item.completed').flatMap(({ item }) => (item.kind === 'command' ? [item.output] : []));
  return { handle, events, outcome: await handle.outcome, of, outputs: commands };
}

/** Allows whatever is asked. */
export async function allowAll(event: RunEvent, handle: RunHandle): Promise<void> {
  if (event.type === 'request.opened') await handle.answer(event.request.id, { kind: 'decision', behavior: 'allow' });
}
