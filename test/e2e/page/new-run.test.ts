import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { startNetwork } from './network.ts';
import { ask, launch } from './runs.ts';

it.each(['Enter', 'Tab'])('completes the directory by %s, and launches with Ctrl+Enter only', async (key) => {
  const place = await servePlace(undefined);
  const directory = join(place.workspace, 'project');
  mkdirSync(directory);
  const { page, goTo } = await open(place);
  await goTo('/new');
  await page.getByLabel('What should Codex do?').fill('!say Here.');
  await page.getByRole('radio', { name: 'Another', exact: true }).check();
  await page.getByLabel('Address').fill(place.model.url);
  await page.getByLabel('Model', { exact: true }).fill('scripted');
  await page.getByRole('radio', { name: 'Directory', exact: true }).check();
  const field = page.getByRole('combobox', { name: 'Directory' });
  await field.pressSequentially(join(place.workspace, 'pro'));
  await page.getByRole('option', { name: directory }).and(page.locator('[data-highlighted]')).waitFor();
  await field.press(key);
  await page.getByRole('option').waitFor({ state: 'detached' });
  expect(await field.inputValue()).toBe(directory);
  await page.locator('input:focus').and(field).waitFor();
  await field.press('Enter');
  await page.getByLabel('Model', { exact: true }).press('Enter');
  expect(await ask(place, '/api/runs')).toMatchObject({ runs: [] });
  await field.press('Control+Enter');
  await page.waitForURL('**/runs/*');
  const run = new URL(page.url()).pathname;
  expect(await ask(place, `/api${run}`)).toMatchObject({ definition: { config: { workspace: { directory } } } });
});

it('tells that a launch is not sent yet while nobody answers, and calls it off', async () => {
  const network = await startNetwork();
  const place = await servePlace(undefined, ['--allow-host', `127.0.0.1:${network.port}`]);
  network.leadTo(Number(new URL(place.url).port));
  const { page, goTo } = await open(place, `http://127.0.0.1:${network.port}`);
  await goTo('/new');
  const prompt = page.getByLabel('What should Codex do?');
  await prompt.fill('!say Here.');
  network.cut();
  await page.getByText('The server does not answer. Trying again').waitFor();
  await prompt.press('Control+Enter');
  const told = page.getByRole('listitem').filter({ hasText: 'Launch: not sent yet' });
  await told.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('alert').getByText('it was called off before it was sent').waitFor();
  await told.waitFor({ state: 'detached' });
  network.mend();
  await page.getByText('Connected').waitFor();
  expect(await ask(place, '/api/runs')).toMatchObject({ runs: [] });
  expect(await prompt.inputValue()).toBe('!say Here.');
  await page.getByRole('button', { name: 'Launch' }).click();
  await page.waitForURL('**/runs/*');
});

it('keeps what was chosen while one looks elsewhere, and tells of a field only what was tried', async () => {
  const place = await servePlace(undefined);
  const { page, goTo } = await open(place);
  await goTo('/new');
  const prompt = page.getByLabel('What should Codex do?');
  await prompt.fill('Mend {{folder}}.');
  await page.getByText('Not filled in: {{folder}}.').waitFor();
  await page.getByRole('radio', { name: 'Another', exact: true }).check();
  await page.getByLabel('Model', { exact: true }).fill('scripted');
  await page.getByRole('radio', { name: 'Read only' }).check();
  await page.getByRole('radio', { name: 'On a schedule' }).check();
  await page.getByLabel('Schedule', { exact: true }).fill('@daily');
  await page.getByText('More', { exact: true }).locator('..').getByText('changed').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Tasks' }).click();
  await page.getByRole('heading', { name: 'Tasks' }).waitFor();
  await page.goBack();
  for (const name of ['Another', 'Read only', 'On a schedule'])
    await page.getByRole('radio', { name, exact: true, checked: true }).waitFor();
  expect(await page.getByLabel('Model', { exact: true }).inputValue()).toBe('scripted');
  expect(await page.getByLabel('Schedule', { exact: true }).inputValue()).toBe('@daily');

  await page.getByRole('radio', { name: 'Now', exact: true }).check();
  await page.getByLabel('Address').fill(place.model.url);
  await page.getByRole('radio', { name: 'Directory', exact: true }).check();
  const wrong = page.locator('[aria-invalid]');
  const directory = page.getByRole('combobox', { name: 'Directory' });
  await directory.fill(join(place.workspace, 'nowhere'));
  await prompt.press('Control+Enter');
  await wrong.and(directory).waitFor();
  await page.getByText(/^There is no directory .*nowhere/).waitFor();
  await directory.fill(place.workspace);
  await page.getByText(/^There is no directory/).waitFor({ state: 'detached' });
  expect(await wrong.count()).toBe(0);
});

it('says what to do on the page where a run found no login', async () => {
  const place = await servePlace(undefined);
  const provider = { baseUrl: place.model.url, keyVariable: 'NO_SUCH_KEY' };
  const run = await launch(place, '!say Here.', { provider });
  const { page, goTo } = await open(place);
  await goTo(`/runs/${run}`);
  const end = page.getByRole('article').filter({ hasText: 'login-missing' });
  await end.getByRole('link', { name: 'Seeds' }).waitFor();
  await end.getByRole('link', { name: 'the same again, changed' }).click();
  await page.waitForURL(`**/new?from=${run}`);
});
