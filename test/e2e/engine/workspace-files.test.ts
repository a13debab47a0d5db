import { expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { makeRepository } from '../../support/repository.ts';
import { makePlace, startRun, watchRun } from '../../support/run.ts';

it('the files of a run are seen and brought while it runs, and stay with what it has left', async () => {
  const place = await makePlace();
  const handle = await startRun(place, {
    instructions: '!run mkdir made && echo by codex > made/a.txt && ln -s /etc/passwd link\n!say done',
    workspace: { fresh: true },
    endRule: 'told',
  });
  for await (const event of handle.events()) if (event.type === 'turn.ended') break;
  const { entries } = await handle.listFiles();
  expect(entries).toMatchObject([
    { path: 'link', kind: 'link' },
    { path: 'made', kind: 'directory' },
  ]);
  expect(Buffer.from(await handle.readFile('made/a.txt')).toString()).toBe('by codex\n');
  expect(await failureOf(handle.readFile('link'))).toMatchObject({ code: 'not-found' });

  await handle.writeFile('made/b.txt', Buffer.from('by a person\n'));
  const turn = await handle.send('!run cat made/b.txt\n!say read');
  await turn.completed;
  const { turns } = await handle.view();
  const items = Object.values(turns[turn.id]?.items ?? {});
  expect(items.flatMap(({ item }) => (item.kind === 'command' ? [item.output] : []))).toEqual(['by a person\n']);

  await handle.finish();
  await handle.outcome;
  expect((await handle.listFiles('made')).entries.map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
});

it('the files of a worktree are gone with its end, and where its work is is told', async () => {
  const [repository, place] = [makeRepository(), await makePlace()];
  const seen: string[] = [];
  const { handle } = await watchRun(
    place,
    { instructions: '!write new.txt hi\n!say done', workspace: { worktree: repository.root } },
    async (event, run) => {
      if (event.type !== 'session.started') return;
      seen.push(...(await run.listFiles()).entries.map(({ name }) => name));
    },
  );
  expect(seen).toContain('README.md');
  expect(await failureOf(handle.listFiles())).toMatchObject({
    code: 'not-found',
    remedy: expect.stringContaining(`optio-codex/${handle.id}`),
  });
});
