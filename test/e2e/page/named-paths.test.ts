import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch } from './runs.ts';

it('completes a path of the workspace after an @, by keyboard and by mouse, and leaves alone who does not want that', {
  timeout: 120_000,
}, async () => {
  const place = await servePlace(undefined);
  mkdirSync(join(place.workspace, 'source'));
  for (const file of ['notes.md', 'source/first.ts', 'source/second.ts'])
    writeFileSync(join(place.workspace, file), '');
  const { page, goTo } = await open(place);
  await goTo(`/runs/${await launch(place, '!say Ready.', { endRule: 'told' })}`);
  await page.getByText('Ready.', { exact: true }).waitFor();
  const message = page.getByLabel('Message', { exact: true });
  const options = page.getByRole('listbox', { name: 'Files of the workspace' }).getByRole('option');
  await message.click();

  await page.keyboard.type('Look at @so');
  await options.filter({ hasText: 'source/' }).waitFor();
  await page.keyboard.press('Enter');
  await options.filter({ hasText: 'source/second.ts' }).waitFor({ timeout: 2000 });
  expect(await options.allTextContents()).toEqual(['source/first.ts', 'source/second.ts']);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await message.inputValue()).toBe('Look at source/second.ts ');
  expect(await options.count()).toBe(0);

  await page.keyboard.type('and @no');
  await options.filter({ hasText: 'notes.md' }).click();
  expect(await message.inputValue()).toBe('Look at source/second.ts and notes.md ');
  await page.keyboard.type('@so');
  await options.first().waitFor();
  await page.keyboard.press('Escape');
  await options.first().waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await page.getByText('Look at source/second.ts and notes.md @so', { exact: true }).first().waitFor();
});
