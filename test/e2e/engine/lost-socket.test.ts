import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sessionMark } from '../../../src/codex/launch.ts';
import type { RunEvent } from '../../../src/contract/event.ts';
import { sweepMarked } from '../../../src/hosts/stop.ts';
import { Optio } from '../../../src/optio.ts';
import { ScriptedModel } from '../../../src/testing/index.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { countMarked } from '../../support/processes.ts';

it.each([
  ['is swept away, as a cleaner of /tmp does', () => {}, 'codex does not listen after'],
  ['is something else now', (path: string) => writeFileSync(path, ''), 'is no socket'],
])('a run whose socket %s goes on in another codex', { timeout: 60_000 }, async (_, replace, why) => {
  const model = await ScriptedModel.start();
  onTestFinished(() => model.close());
  const root = testDirectory('lost-socket');
  const [dataDir, home] = [subdirectory(root, 'data'), subdirectory(root, 'home')];
  const open = () =>
    Optio.open({ dataDir, workspacesDir: join(root, 'w'), env: { PATH: process.env.PATH, HOME: home } });
  const first = await open();
  const { id, events } = await begin();
  const codexHome = join(dataDir, 'runs', id, 'codex');
  const mark = sessionMark(id, codexHome);
  onTestFinished(async () => void (await sweepMarked(mark)));
  for await (const event of events) if (event.type === 'turn.ended') break;
  await first.close({ leave: true });
  expect(countMarked(mark), 'its codex lives on').toBeGreaterThan(0);
  const socket = realpathSync(join(codexHome, 'app-server.sock'));
  rmSync(socket);
  replace(socket);

  await using second = await open();
  const run = await second.find(id);
  if (!run) throw new Error('there is no run');
  const turn = await run.send('!say two');
  expect(await turn.completed).toMatchObject({ status: 'completed', text: 'two' });
  await run.finish();
  expect(await run.outcome).toMatchObject({ status: 'done', text: 'two', turns: 2 });
  const told: RunEvent[] = [];
  for await (const event of run.events()) told.push(event);
  const notices = told.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  expect(notices.filter((message) => message.includes(why) && message.endsWith(': it is stopped'))).toHaveLength(1);
  expect(told.filter(({ type }) => type === 'session.started')).toHaveLength(2);
  expect(countMarked(mark), 'nothing of it is left').toBe(0);

  async function begin() {
    const provider = { baseUrl: model.url };
    const run = await first.run({
      instructions: '!say one',
      endRule: 'told',
      workspace: { fresh: true },
      provider,
      model: 'scripted',
    });
    return { id: run.id, events: run.events() };
  }
});
