import { expect, it } from 'vitest';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { ask } from './runs.ts';

it('begins with the model of the run before, and who serves it', { timeout: 120_000 }, async () => {
  const place = await servePlace(undefined);
  const { page, goTo } = await open(place);
  await goTo('/new');
  await page.getByLabel('What should Codex do?').fill('!say Here.');
  await page.getByRole('radio', { name: 'Another', exact: true }).check();
  await page.getByLabel('Address').fill(place.model.url);
  await page.getByLabel('Model', { exact: true }).fill('scripted');
  await page.getByRole('button', { name: 'Launch' }).click();
  await page.waitForURL('**/runs/*');
  await goTo('/new');
  await page.getByRole('radio', { name: 'Another', exact: true, checked: true }).waitFor();
  expect(await page.getByLabel('Address').inputValue()).toBe(place.model.url);
  expect(await page.getByLabel('Model', { exact: true }).inputValue()).toBe('scripted');
  expect(await page.getByLabel('What should Codex do?').inputValue()).toBe('');
});

it('makes a task of a new run that has a schedule', async () => {
  const place = await servePlace(undefined);
  const { page, goTo } = await open(place);
  await goTo('/tasks');
  await page.getByRole('button', { name: 'New task' }).click();
  await page.getByRole('radio', { name: 'On a schedule', checked: true }).waitFor();
  await page.getByLabel('What should Codex do?').fill('Look for what is outdated.');
  await page.getByLabel('Schedule', { exact: true }).fill('never');
  await page.getByRole('button', { name: 'Make the task' }).click();
  await page.getByRole('textbox', { name: 'Schedule' }).and(page.locator('[aria-invalid]')).waitFor();
  await page.getByLabel('Schedule', { exact: true }).fill('0 6 * * 1-5');
  await page.getByRole('button', { name: 'Make the task' }).click();
  await page.getByRole('heading', { name: 'Look for what is outdated.' }).waitFor();
  await page.getByText('On working days at 06:00').waitFor();
  expect(await ask(place, '/api/tasks/look-for-what-is-outdated')).toMatchObject({
    schedule: { schedule: { cron: '0 6 * * 1-5' } },
    definition: { config: { endRule: 'firstTurn' } },
  });
});
