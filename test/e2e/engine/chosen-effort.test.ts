import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sessionMark } from '../../../src/codex/launch.ts';
import type { RunHandle } from '../../../src/contract/run-handle.ts';
import type { EngineOptions } from '../../../src/engine/engine.ts';
import { toRunHandle } from '../../../src/engine/run-handle.ts';
import { LocalHost } from '../../../src/hosts/local.ts';
import { sweepMarked } from '../../../src/hosts/stop.ts';
import { type CodexTaskOptions, createCodexTask } from '../../../src/session/task.ts';
import { ScriptedModel } from '../../../src/testing/index.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { openEngine } from '../../support/engine.ts';
import { failureOf } from '../../support/failure.ts';
import { codexOf } from '../../support/processes.ts';

it('the effort that is chosen rides on the next turn, and holds in the next process and with the next codex', async () => {
  const model = await ScriptedModel.start();
  onTestFinished(() => model.close());
  const root = testDirectory('effort');
  const [data, home, workspace] = [subdirectory(root, 'data'), subdirectory(root, 'home'), subdirectory(root, 'work')];
  const options: Partial<EngineOptions> & { directory: string } = {
    directory: data,
    host: new LocalHost({ home }),
    directories: { data, workspaces: join(root, 'workspaces') },
    env: { PATH: process.env.PATH, HOME: home },
    revive: (definition) => createCodexTask(definition as CodexTaskOptions),
  };
  const models = [{ id: 'local', name: 'Local', contextWindow: 100_000, efforts: ['low', 'medium', 'high'] }];
  const config = {
    ...{ instructions: 'Be brief.', workspace: { directory: workspace } },
    ...{ provider: { baseUrl: model.url, models }, model: 'local', reasoningEffort: 'high' },
  } as const;
  const first = await openEngine(options);
  await first.engine.tasks.define(createCodexTask({ id: 'task', name: 'Task', config }));
  const { id } = await first.engine.launch('task');
  const mark = sessionMark(id, join(data, 'runs', id, 'codex'));
  onTestFinished(async () => void (await sweepMarked(mark)));
  const efforts: unknown[] = [];
  const say = async (handle: RunHandle, text: string) => {
    await (await handle.send(`!say ${text}`)).completed;
    efforts.push((model.requests.at(-1)?.body.reasoning as { effort?: string } | null)?.effort);
  };

  const handle = toRunHandle(first.engine, id);
  await say(handle, 'one');
  const refused = await failureOf(handle.requestEffortChange('ludicrous'));
  expect(refused).toMatchObject({ code: 'invalid-input', remedy: 'Choose one of low, medium, high.' });
  await handle.requestEffortChange('low');
  await say(handle, 'two');
  await say(handle, 'three');
  expect(efforts).toEqual(['high', 'low', 'low']);
  expect((await handle.view()).controls).toMatchObject({ effort: 'low' });
  await first.engine.close({ leave: true });
  await first.die();

  const second = await openEngine(options);
  const again = toRunHandle(second.engine, id);
  await say(again, 'four');
  expect(efforts.at(-1), 'in the next process').toBe('low');
  const { seq } = await again.view();
  process.kill(codexOf(mark), 'SIGKILL');
  for await (const event of again.events({ after: seq })) if (event.type === 'session.started') break;
  await say(again, 'five');
  expect(efforts.at(-1), 'with the next codex').toBe('low');
  expect((await again.view()).controls).toMatchObject({ effort: 'low' });
  await again.requestEffortChange('medium');
  await say(again, 'six');
  expect(efforts.at(-1)).toBe('medium');
  await again.finish();
  expect(await again.outcome).toMatchObject({ status: 'done', text: 'six' });
});
