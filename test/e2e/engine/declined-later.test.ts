import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sessionMark } from '../../../src/codex/launch.ts';
import type { RunEvent } from '../../../src/contract/event.ts';
import { sweepMarked } from '../../../src/hosts/stop.ts';
import { Optio } from '../../../src/optio.ts';
import { ScriptedModel } from '../../../src/testing/index.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';

it('a command of which one process was asked, and that another declines, has ended in the journal', async () => {
  const model = await ScriptedModel.start();
  onTestFinished(() => model.close());
  const root = testDirectory('declined-later');
  const [dataDir, home] = [subdirectory(root, 'data'), subdirectory(root, 'home')];
  const open = () =>
    Optio.open({ dataDir, workspacesDir: join(root, 'w'), env: { PATH: process.env.PATH, HOME: home } });
  const first = await open();
  const { id, events } = await first.run({
    instructions: '!escalate echo two\n!say done',
    workspace: { fresh: true },
    provider: { baseUrl: model.url },
    model: 'scripted',
    permissionGate: true,
  });
  onTestFinished(async () => void (await sweepMarked(sessionMark(id, join(dataDir, 'runs', id, 'codex')))));
  for await (const event of events()) if (event.type === 'request.opened') break;
  await first.close({ leave: true });

  await using second = await open();
  const run = await second.find(id);
  if (!run) throw new Error('there is no run');
  const [asked] = await second.requests();
  await run.answer(asked?.request.id ?? '', { kind: 'decision', behavior: 'deny' }, { by: 'ada' });
  expect(await run.outcome).toMatchObject({ status: 'done', text: 'done' });
  const told: RunEvent[] = [];
  for await (const event of run.events()) told.push(event);
  const ends = told.flatMap((event) =>
    event.type === 'item.completed' && event.item.kind === 'command' ? [event.item] : [],
  );
  expect(ends).toMatchObject([{ command: 'echo two', status: 'declined' }]);
  const { turns } = await run.view();
  const items = Object.values(turns).flatMap((turn) => Object.values(turn.items));
  expect(items.filter(({ isOpen }) => isOpen)).toEqual([]);
});
