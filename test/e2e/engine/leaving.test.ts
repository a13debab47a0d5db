import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { sessionMark } from '../../../src/codex/launch.ts';
import type { EngineOptions } from '../../../src/engine/engine.ts';
import { LocalHost } from '../../../src/hosts/local.ts';
import { sweepMarked } from '../../../src/hosts/stop.ts';
import { type CodexTaskOptions, createCodexTask } from '../../../src/session/task.ts';
import { escalate, pause, ScriptedModel, say } from '../../../src/testing/index.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { openEngine } from '../../support/engine.ts';
import { until } from '../../support/processes.ts';

it('a run that is left while its thread is being taken up is answered by nobody but the next process', async () => {
  const gate = Promise.withResolvers<void>();
  const model = await ScriptedModel.start({ script: [pause(gate.promise), escalate('true', 'please'), say('done')] });
  onTestFinished(() => model.close());
  const root = testDirectory('leaving');
  const [data, home, workspace] = [subdirectory(root, 'data'), subdirectory(root, 'home'), subdirectory(root, 'work')];
  const options: Partial<EngineOptions> & { directory: string } = {
    directory: data,
    host: new LocalHost({ home }),
    directories: { data, workspaces: join(root, 'workspaces') },
    env: { PATH: process.env.PATH, HOME: home },
    revive: (definition) => createCodexTask(definition as CodexTaskOptions),
  };
  const first = await openEngine(options);
  const config = { instructions: 'Go', autoStart: true, endRule: 'firstTurn', permissionGate: true } as const;
  const provider = { baseUrl: model.url };
  const task = {
    id: 'task',
    name: 'Task',
    config: { ...config, workspace: { directory: workspace }, provider, model: 'm' },
  };
  await first.engine.tasks.define(createCodexTask(task));
  const { id } = await first.engine.launch('task');
  onTestFinished(async () => void (await sweepMarked(sessionMark(id, join(data, 'runs', id, 'codex')))));
  for await (const event of first.engine.runs.events(id)) if (event.type === 'message.taken') break;
  await first.engine.close({ leave: true });
  await first.die();

  const second = await openEngine(options);
  const closed = Promise.withResolvers<void>();
  const append = second.store.journal.append.bind(second.store.journal);
  vi.spyOn(second.store.journal, 'append').mockImplementation(async (entry) => {
    const written = append(entry);
    const checkpoint = entry.change?.checkpoint as { isChecked?: boolean } | undefined;
    if (checkpoint?.isChecked !== undefined) closed.resolve(second.engine.close({ leave: true })); // the thread is open
    return written;
  });
  await closed.promise;
  await second.die();
  gate.resolve(); // Codex asks from now on

  const third = await openEngine(options);
  await until(async () => (await third.store.requests.open(id)).length > 0, 'the request');
  for (const { request } of await third.store.requests.open(id))
    await third.engine.controls.answer(id, request.id, { kind: 'decision', behavior: 'allow' }, 'ada');
  expect(await third.engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'done' });
  expect(model.requests.at(-1)?.outputs.join()).not.toMatch(/rejected/i);
});
