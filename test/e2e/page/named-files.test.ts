import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { say } from '../../../src/testing/index.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch, outcomeOf } from './runs.ts';

it('shows a file that Codex names when it is pressed, and tells where it lies that is not there', async () => {
  const place = await servePlace([say('See [notes](docs/notes.md:2), [gone](gone.md) and [users](/etc/passwd).')]);
  mkdirSync(join(place.workspace, 'docs'));
  writeFileSync(join(place.workspace, 'docs', 'notes.md'), 'first line\nsecond line\n');
  const run = await launch(place, 'Tell.');
  await outcomeOf(place, run);
  const { page, goTo } = await open(place);
  await goTo(`/runs/${run}`);
  await page.getByRole('button', { name: 'notes', exact: true }).click();
  const file = page.getByRole('region', { name: 'docs/notes.md', exact: true });
  await file.getByText('second line').waitFor();
  await page.getByRole('button', { name: 'gone', exact: true }).click();
  await page.getByText('there is no gone.md in the workspace').waitFor();
  expect(await page.getByRole('treeitem', { name: /^notes.md/ }).count()).toBe(1);
  expect(await page.getByText('users (/etc/passwd)').count()).toBe(1);
  expect(await page.getByRole('button', { name: 'users' }).count()).toBe(0);
});
