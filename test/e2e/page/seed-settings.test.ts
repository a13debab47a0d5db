import { expect, it } from 'vitest';
import { open } from './browser.ts';
import { faultsOf } from './faults.ts';
import { ask } from './runs.ts';
import { expectNoSecret, listen, row, seedPage } from './seed-page.ts';

it('gives a seed settings with its login, and others later, and says what of them is kept', {
  timeout: 120_000,
}, async () => {
  const { place: server, ...at } = await seedPage();
  const { page, goTo } = await open(server);
  const told = listen(page);
  const configOf = () => ask<{ readonly config: string }>(server, '/api/seeds/nightly/config');
  await goTo('/seeds');
  await page.getByRole('button', { name: 'Add a login' }).first().click();
  const form = page.getByRole('dialog', { name: 'Add a login' });
  await form.getByRole('radio', { name: 'API key', exact: true }).check();
  await form.getByLabel('Name', { exact: true }).fill('nightly');
  await form.getByLabel('Key', { exact: true }).fill(at.identity.makeApiKey());
  await form.locator('summary').click();
  await form.getByLabel('Settings').fill('model =');
  await form.locator('summary').click(); // what is wrong there is shown again
  await form.getByRole('button', { name: 'Save the key' }).click();
  await form.getByText('It is no TOML.').waitFor();
  await form.getByLabel('Settings').fill('model = "gpt-5.5"\n[mcp_servers.x]\nenv = { KEY = "canary" }\n');
  await form.getByText('It will have: model. Left out: mcp_servers.').waitFor();
  expect(await faultsOf(page, 'the settings of a new seed')).toEqual([]);
  const sent = page.waitForRequest((request) => request.method() === 'PUT');
  await form.getByRole('button', { name: 'Save the key' }).click();
  expect((await sent).postData()).not.toContain('canary');
  await row(page, 'nightly').getByText('Settings: model gpt-5.5', { exact: true }).waitFor();

  const change = async (config: string) => {
    await page.getByRole('button', { name: 'More to do with nightly' }).click();
    await page.getByRole('menuitem', { name: 'Settings …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Settings: nightly' });
    await expect.poll(() => dialog.getByLabel('Settings').inputValue()).toBe((await configOf()).config);
    await dialog.getByLabel('Settings').fill(config);
    expect(await faultsOf(page, 'the settings of a seed')).toEqual([]);
    await dialog.getByRole('button', { name: 'Save the settings' }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  await change('model_reasoning_effort = "low"\nnotify = ["sh"]\n');
  await row(page, 'nightly').getByText('Settings: model_reasoning_effort low', { exact: true }).waitFor();
  expect(await configOf()).toMatchObject({ version: 2, settings: { model_reasoning_effort: 'low' } });
  await change('');
  await row(page, 'nightly').getByText('Version 3').waitFor();
  await row(page, 'nightly').getByText('Settings:').waitFor({ state: 'detached' });
  expect(await configOf()).toMatchObject({ version: 3, settings: {} });
  expectNoSecret(await told(), at);
});
