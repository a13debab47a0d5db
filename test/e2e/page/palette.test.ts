import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open, type Person } from './browser.ts';
import { ask, launch, outcomeOf } from './runs.ts';

/** What the palette offers: each by its name, with its keys where it has some. */
async function offered(page: Page): Promise<Map<string, string>> {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await palette.waitFor();
  const options = await palette.getByRole('option').all();
  const pairs = options.map(async (option) => {
    const [label = '', hint = ''] = await option.locator('span').allTextContents();
    return [label, hint] as const;
  });
  const all = new Map(await Promise.all(pairs));
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'detached' });
  return all;
}

/** Does what these letters find first. */
async function command(page: Page, letters: string): Promise<void> {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await palette.waitFor();
  await page.keyboard.type(letters);
  await page.keyboard.press('Enter');
  await palette.waitFor({ state: 'detached' });
}

/** Presses two keys that mean something together, which they do only where one comes soon after the other. */
async function pair(page: Page, first: string, second: string, hasActed: () => Promise<boolean>): Promise<void> {
  await until(async () => {
    await page.keyboard.press(first);
    await page.keyboard.press(second);
    return hasActed();
  }, `what ${first} and ${second} do`);
}

it('does by the palette, and by keys, all that can be done with a run, and says what would be cut before it is finished', {
  timeout: 180_000,
}, async () => {
  const place = await servePlace(undefined);
  const id = await launch(place, '!hang', { name: 'Hanging' });
  const { page, goTo } = await open(place);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: place.url });
  await goTo(`/runs/${id}`);
  await page.getByRole('button', { name: 'Interrupt' }).waitFor();

  const all = await offered(page);
  for (const label of [
    'Pause',
    'Interrupt the turn',
    'Finish …',
    'Change the budget …',
    'Change the model …',
    'Cancel …',
  ])
    expect([...all.keys()]).toContain(label);
  for (const label of ['Resume', 'Run it again', 'Delete', 'Show Changes'])
    expect([...all.keys()], 'what does not apply').not.toContain(label);
  await page.keyboard.press('?');
  const map = page.getByRole('dialog', { name: 'Keyboard' });
  await map.waitFor();
  for (const [label, hint] of all) {
    if (!/^[mtv] .$/.test(hint)) continue;
    const told = map.locator('dl > div', { has: page.getByText(label, { exact: true }) });
    expect([label, (await told.locator('kbd').allTextContents()).join(' ')]).toEqual([label, hint]);
  }
  await page.keyboard.press('Escape');
  await map.waitFor({ state: 'detached' });

  await command(page, 'finish');
  const finish = page.getByRole('alertdialog', { name: 'Finish “Hanging” now?' });
  await finish.getByText(/^A turn goes on/).waitFor();
  await finish.getByRole('button', { name: 'Not now' }).click();
  await finish.waitFor({ state: 'detached' });
  await command(page, 'budget');
  const budget = page.getByRole('dialog', { name: 'Budget' });
  await budget.getByText('1 so far.').waitFor();
  await page.keyboard.press('Escape');
  await budget.waitFor({ state: 'detached' });
  for (const field of ['Model', 'Effort']) {
    await command(page, `change the ${field.toLowerCase()}`);
    const input = page.getByRole('combobox', { name: field, exact: true });
    await until(() => input.evaluate((one) => one === one.ownerDocument.activeElement), `the focus in ${field}`);
    await page.keyboard.press('Escape');
    await input.waitFor({ state: 'detached' });
  }
  await command(page, 'find …');
  const find = page.getByRole('search').locator('input');
  await until(() => find.evaluate((one) => one === one.ownerDocument.activeElement), 'the focus in the search');
  await page.keyboard.press('Escape');
  await command(page, 'show plan');
  await page.getByRole('tab', { name: 'Plan', selected: true }).waitFor();
  await page.getByRole('region', { name: 'What happened' }).focus();
  const details = page.getByRole('tab', { name: 'Details', selected: true });
  await pair(page, 't', 'i', async () => (await details.count()) > 0);
  const shown = page.getByLabel('How much is shown');
  await pair(page, 'v', 'm', async () => (await shown.inputValue()) === 'messages');
  await command(page, 'copy the link');
  await page.getByText('The link was copied').waitFor();
  const copied = 'navigator.clipboard.readText()';
  expect(await page.evaluate(copied)).toBe(`${place.url}/runs/${id}`);
  const coming = page.waitForEvent('download');
  await command(page, 'download json');
  expect((await coming).suggestedFilename()).toBe(`${id}.json`);

  await command(page, 'finish');
  await finish.getByRole('button', { name: 'Finish it now' }).click();
  await page.getByText('This run is over.').waitFor();
  expect((await outcomeOf(place, id)).status).toBe('done');
  await command(page, 'delete');
  await page.getByRole('button', { name: 'Undo' }).hover(); // it stays as long as that is pointed at
  await page.getByText('Deleting 1 run').waitFor();
  expect(new URL(page.url()).pathname).toBe('/');
  const link = page.getByRole('link', { name: 'Hanging' });
  await link.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await link.waitFor();
});

it('offers a viewer what changes nothing', { timeout: 120_000 }, async () => {
  const place = await servePlace(undefined);
  const { secret } = await ask<{ readonly secret: string }>(place, '/api/tokens', { name: 'Vera', role: 'viewer' });
  const id = await launch(place, '!say Here I am.', { name: 'Looked at', endRule: 'firstTurn' });
  await outcomeOf(place, id);
  const seenBy = async (person: Person) => {
    await person.goTo(`/runs/${id}`);
    await person.page.getByText('Here I am.', { exact: true }).first().waitFor();
    await until(async () => (await offered(person.page)).has('Copy the link'), 'what can be done with the run');
    return offered(person.page);
  };
  const [owner, vera] = [
    await seenBy(await open(place)),
    await seenBy(await open(place, place.url, { token: secret })),
  ];
  const onlyForOwner = [...owner.keys()].filter((label) => !vera.has(label));
  expect(onlyForOwner).toEqual(['Run it again', 'The same again, changed …', 'Delete', 'New run']);
  for (const label of ['Download as Markdown', 'Show Plan', 'Requests', 'Looked at'])
    expect([...vera.keys()]).toContain(label);
});
