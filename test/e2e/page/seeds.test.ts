import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { SeedSummary } from '../../../src/contract/seed.ts';
import type { Account } from '../../fakes/identity/account.ts';
import { testDirectory } from '../../support/directories.ts';
import { type StartedIdentity, toAuthFile } from '../../support/identity.ts';
import { until } from '../../support/processes.ts';
import { open } from './browser.ts';
import { faultsOf } from './faults.ts';
import { ask } from './runs.ts';
import { expectNoSecret, listen, row, seedPage } from './seed-page.ts';

/** Enters a code at the page of the provider, as somebody does who logs in with another browser. */
async function enterCode(page: Page, { proxy }: StartedIdentity, url: string, code: string, account: Account) {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page is in a browser');
  await using context = await browser.newContext({ proxy: { server: proxy }, ignoreHTTPSErrors: true });
  const provider = await context.newPage();
  await provider.goto(url);
  await provider.getByLabel('Code').fill(code);
  await provider.getByRole('button', { name: `Continue as ${account.email}` }).click();
  await provider.getByRole('heading', { name: 'Signed in to Codex' }).waitFor();
}

/** Reads what a login tells somebody to do. */
async function toldBy(dialog: Locator): Promise<{ readonly url: string; readonly code: string }> {
  const link = dialog.getByRole('link');
  await link.waitFor();
  return { url: (await link.getAttribute('href')) ?? '', code: (await dialog.locator('code').textContent()) ?? '' };
}

it('makes a seed of a login by a code, with no terminal, and shows nothing that lets anybody in', {
  timeout: 180_000,
}, async () => {
  const { place: server, ...at } = await seedPage();
  const account = at.identity.addAccount({ email: 'ada@example.org', plan: 'pro' });
  const { page } = await open(server);
  const told = listen(page);
  await page.getByRole('link', { name: 'Seeds' }).click();
  await page.getByText('No login is saved yet').waitFor();
  await page.getByRole('button', { name: 'Add a login' }).first().click();
  const form = page.getByRole('dialog', { name: 'Add a login' });
  await form.getByRole('button', { name: 'Get a code' }).click();
  await form.getByText('Give it a name.').waitFor();
  await form.getByLabel('Name').fill('work');
  await form.getByRole('combobox', { name: 'Pool' }).fill('team');
  await form.getByRole('button', { name: 'Get a code' }).click();

  const progress = page.getByRole('dialog', { name: 'Log in: work' });
  const { url, code } = await toldBy(progress);
  expect(url).toBe('https://auth.openai.com/codex/device');
  await progress.getByText(/^It holds until .*, for 14 min/).waitFor();
  expect(await faultsOf(page, 'a login under way')).toEqual([]);
  // Whoever closes it finds it on the page.
  await page.keyboard.press('Escape');
  await progress.waitFor({ state: 'detached' });
  const underWay = page.getByRole('region', { name: 'Logins under way' });
  await underWay.getByText(code).waitFor();
  expect(await faultsOf(page, 'a login under way, on the page')).toEqual([]);
  await underWay.getByRole('button', { name: 'Go on: work' }).click();
  expect((await toldBy(progress)).code).toBe(code);
  await enterCode(page, at, url, code, account);
  await progress.getByText('You are logged in, and the login is saved.').waitFor();
  await progress.getByRole('button', { name: 'Done' }).click();
  await row(page, 'work').getByText('ada@example.org').waitFor();
  await row(page, 'work').getByText('ChatGPT Pro').waitFor();
  await page.getByRole('region', { name: 'Pool team' }).getByText('a pool of 1 login').waitFor();
  await page.getByRole('button', { name: 'Verify: work' }).click();
  await page.getByText('“work” is alive').waitFor();
  for (const bar of ['12 % of 5 hours used', '34 % of 7 days used'])
    await row(page, 'work').getByRole('img', { name: bar }).waitFor();
  await row(page, 'work').getByText('anew in 5 days').waitFor();
  expect(await faultsOf(page, 'a seed with its usage')).toEqual([]);
  await underWay.waitFor({ state: 'detached' });
  const { seeds } = await ask<{ readonly seeds: SeedSummary[] }>(server, '/api/seeds');
  expect(seeds).toMatchObject([{ id: 'work', pool: 'team', account: { email: 'ada@example.org', plan: 'pro' } }]);
  expectNoSecret(await told(), at);
});

it('saves a key and an auth.json, and removes them, and keeps neither in the page', { timeout: 120_000 }, async () => {
  const { place: server, ...at } = await seedPage();
  const key = at.identity.makeApiKey();
  const auth = toAuthFile(at.identity.login(at.identity.addAccount({ email: 'grace@example.org', plan: 'plus' })));
  const { page, goTo } = await open(server);
  const told = listen(page);
  await goTo('/seeds');
  const begin = async (way: string, name: string) => {
    await page.getByRole('button', { name: 'Add a login' }).first().click();
    await page.getByRole('radio', { name: way, exact: true }).check();
    await page.getByLabel('Name', { exact: true }).fill(name);
  };
  await begin('API key', 'nightly');
  const field = page.getByLabel('Key', { exact: true });
  expect(await field.getAttribute('type')).toBe('password');
  await field.fill(key);
  await page.getByRole('button', { name: 'Save the key' }).click();
  await row(page, 'nightly').getByText('A key of OpenAI’s').waitFor();

  await begin('auth.json', 'grace');
  await page.getByText('Use this login nowhere else from then on.').waitFor();
  const content = page.getByLabel('Content of the auth.json');
  expect(await content.getAttribute('type')).toBe('password');
  await content.fill('{ "no": "login" }');
  await page.getByRole('button', { name: 'Save the login' }).click();
  await page.getByRole('dialog').getByRole('alert').waitFor();
  // What was sent is gone, whatever became of it.
  await expect.poll(() => content.inputValue()).toBe('');
  const file = join(testDirectory('login'), 'auth.json');
  writeFileSync(file, auth);
  await page.getByLabel('Or the file').setInputFiles(file);
  await page.getByText('From the file auth.json.').waitFor();
  await page.getByRole('button', { name: 'Save the login' }).click();
  await row(page, 'grace').getByText('grace@example.org').waitFor();
  expectNoSecret(await told(), at, key);

  for (const name of ['nightly', 'grace']) {
    await page.getByRole('button', { name: `More to do with ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Remove …' }).click();
    await page
      .getByRole('alertdialog', { name: `Remove “${name}”?` })
      .getByRole('button', { name: 'Remove' })
      .click();
    await row(page, name).waitFor({ state: 'detached' });
  }
  await expect.poll(() => ask(server, '/api/seeds')).toEqual({ seeds: [] });
});

it('gives a seed another login of its account and goes back, and lets a viewer do neither', {
  timeout: 180_000,
}, async () => {
  const { place: server, ...at } = await seedPage();
  const account = at.identity.addAccount({ email: 'ada@example.org' });
  const other = at.identity.addAccount({ email: 'bob@example.org' });
  await ask(server, '/api/seeds/work', { id: 'work', auth: toAuthFile(at.identity.login(account)) }, 'PUT');
  const { page, goTo } = await open(server);
  await goTo('/seeds');
  const more = async (item: string) => {
    await page.getByRole('button', { name: 'More to do with work' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const logIn = async (who: Account) => {
    const progress = page.getByRole('dialog', { name: 'Log in again: work' });
    const { url, code } = await toldBy(progress);
    await enterCode(page, at, url, code, who);
    return progress;
  };
  await more('Log in again …');
  await page.getByRole('button', { name: 'Get a code' }).click();
  const refused = await logIn(other);
  await refused.getByRole('alert').waitFor();
  expect(await refused.getByRole('alert').textContent()).toContain('another account');
  await refused.getByRole('button', { name: 'Begin anew' }).click();
  const progress = await logIn(account);
  await progress.getByText('You are logged in, and the login is saved.').waitFor();
  await progress.getByRole('button', { name: 'Done' }).click();
  await row(page, 'work').getByText('Version 2').waitFor();
  await more('Go back …');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Go back' }).click();
  await row(page, 'work').getByText('Version 3').waitFor();

  // Another admin adds one: the page finds that by itself.
  await ask(server, '/api/seeds/key', { id: 'key', apiKey: at.identity.makeApiKey() }, 'PUT');
  await row(page, 'key').waitFor();

  const { secret } = await ask<{ readonly secret: string }>(server, '/api/tokens', { name: 'Ada', role: 'viewer' });
  const viewer = await open(server, server.url, { token: secret });
  await viewer.page.getByRole('link', { name: 'Seeds' }).click();
  await row(viewer.page, 'work').getByText('ada@example.org').waitFor();
  await until(
    async () => (await viewer.page.getByRole('button', { name: /Add|Verify|More to do/ }).count()) === 0,
    'no acts',
  );
});

it('launches a run with the login of a pool, shows who uses it, and asks once more before that is removed', {
  timeout: 180_000,
}, async () => {
  const { place: server, ...at } = await seedPage();
  const account = at.identity.addAccount({ email: 'ada@example.org' });
  const auth = toAuthFile(at.identity.login(account));
  await ask(server, '/api/seeds/work', { id: 'work', pool: 'team', auth }, 'PUT');
  const { page, goTo } = await open(server);
  const told = listen(page);
  await goTo('/new');
  await page.getByLabel('What should Codex do?').fill('!hang');
  await page.getByRole('radio', { name: 'A pool' }).check();
  await page.getByRole('combobox', { name: 'Pool' }).fill('te');
  await page.getByRole('option', { name: 'team' }).click();
  await page.locator('summary', { hasText: 'More' }).click();
  await page.getByLabel('Otherwise this login').fill('pool:spare');
  await page.getByRole('radio', { name: 'Shared' }).waitFor({ state: 'attached' });
  await page.getByRole('radio', { name: 'From the environment' }).check();
  await page.getByLabel('Otherwise this login').waitFor({ state: 'detached' });
  await page.getByRole('radio', { name: 'A pool' }).check();
  expect(await faultsOf(page, 'more of a login of a run')).toEqual([]);
  await page.getByLabel('Name', { exact: true }).fill('Hanging');
  await page.getByRole('button', { name: 'Launch' }).click();
  await page.waitForURL('**/runs/*');
  const run = page.url().split('/').at(-1);
  await page.getByRole('tab', { name: 'Details' }).click();
  await page.getByText('ChatGPT login of ada@example.org, seed work').waitFor();
  await until(() => at.identity.at('responses').some(({ accountId }) => accountId === account.id), 'a request with it');

  await page.getByRole('link', { name: 'Seeds' }).click();
  await row(page, 'work').getByRole('link', { name: 'Hanging' }).waitFor();
  await page.getByRole('button', { name: 'More to do with work' }).click();
  await page.getByRole('menuitem', { name: 'Remove …' }).click();
  const question = page.getByRole('alertdialog', { name: 'Remove “work”?' });
  await question.getByText('It is used by the run “Hanging”.').waitFor();
  await question.getByRole('button', { name: 'Remove', exact: true }).click();
  await question.getByRole('alert').waitFor();
  await question.getByRole('button', { name: 'Remove it all the same' }).click();
  await page.getByText('No login is saved yet').waitFor();
  expectNoSecret(await told(), at);

  // What was chosen last is chosen again, and what a run had is when it is begun again.
  for (const path of ['/new', `/new?from=${run}`]) {
    await goTo(path);
    await expect.poll(() => page.getByRole('combobox', { name: 'Pool' }).inputValue()).toBe('team');
    await page.locator('summary', { hasText: 'More' }).click();
    expect(await page.getByLabel('Otherwise this login').inputValue()).toBe('pool:spare');
  }
  await page.getByText('There is no pool of this name.').waitFor();
});
