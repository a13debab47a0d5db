import { expect, it } from 'vitest';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch } from './runs.ts';

it('offers a larger budget to a run that has used up its own, where to resume it would be in vain, and goes on with it', {
  timeout: 120_000,
}, async () => {
  const place = await servePlace(undefined);
  const { page, goTo } = await open(place);
  const id = await launch(place, '!say One.', { name: 'Short', budget: { turns: 1 }, endRule: 'told' });
  await goTo(`/runs/${id}`);
  await page.getByText('One.', { exact: true }).waitFor();
  await page.getByLabel('Message', { exact: true }).fill('!say Two.');
  await page.keyboard.press('Enter');
  const header = page.locator('header').filter({ hasText: 'Short' });
  await header.getByText(/^Paused: /).waitFor();
  expect(await page.getByRole('button', { name: 'Resume', exact: true }).count()).toBe(0);
  await header.getByRole('button', { name: 'Change the budget …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Budget' });
  await dialog.getByLabel('Turns').fill('5');
  await dialog.getByRole('button', { name: 'Change the budget' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Two.', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('button', { name: 'Resume', exact: true }).waitFor();

  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await page.getByRole('row', { name: /Short/ }).getByText('Paused', { exact: true }).waitFor();
  await page.goBack();
  await header.waitFor();
  await page.goForward();
  await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor();
});
