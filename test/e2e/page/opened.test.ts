import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch } from './runs.ts';

/** Something that opens over a run is loaded when it is wanted; whoever has no pointer must not notice. */
it('opens the menu, the model and the panels of a run by keyboard, and gives the focus back', async () => {
  const place = await servePlace(undefined);
  const { page, goTo } = await open(place);
  await goTo(`/runs/${await launch(place, '!say Here I am.', { endRule: 'told' })}`);
  await page.getByText('Here I am.').first().waitFor();
  const hasFocus = (one: Locator) => one.evaluate((element) => element === element.ownerDocument.activeElement);
  const untilFocus = (one: Locator, what: string) =>
    until(async () => (await one.count()) === 1 && hasFocus(one), what);

  const more = page.getByRole('button', { name: 'More to do with this run' });
  // A second time all of it is there already.
  for (const time of ['first', 'second']) {
    await more.focus();
    await page.keyboard.press('Enter');
    const budget = page.getByRole('menuitem', { name: 'Change the budget …' });
    await budget.waitFor();
    await page.keyboard.press('ArrowDown');
    await until(async () => (await page.locator('[role=menuitem]:focus').count()) === 1, `a focus in it, ${time}`);
    await page.keyboard.press('Escape');
    await budget.waitFor({ state: 'detached' });
    await untilFocus(more, `the focus back at the menu, ${time}`);
  }

  const model = page.getByRole('button', { name: /^Model and effort/ });
  for (const time of ['first', 'second']) {
    await model.focus();
    await page.keyboard.press('Enter');
    await untilFocus(page.getByLabel('Model', { exact: true }), `the focus in the field, ${time}`);
    await page.keyboard.press('Escape');
    await page.getByText('For the turns to come').waitFor({ state: 'detached' });
    await untilFocus(model, `the focus back at the model, ${time}`);
  }

  const tab = (name: string) => page.getByRole('tab', { name });
  await tab('Changes').click();
  for (const [key, name] of [
    ['ArrowRight', 'Plan'],
    ['ArrowLeft', 'Changes'],
    ['ArrowLeft', 'Details'],
    ['ArrowRight', 'Changes'],
    ['End', 'Details'],
    ['Home', 'Changes'],
  ] as const) {
    await page.keyboard.press(key);
    await untilFocus(tab(name), `${name} by ${key}`);
    await page.getByRole('tabpanel', { name }).waitFor();
  }
  expect(await page.getByRole('tab', { selected: true }).allTextContents()).toEqual(['Changes']);
  await page.keyboard.press('Tab');
  expect(
    await page.getByRole('tab').evaluateAll((all) => all.some((one) => one === one.ownerDocument.activeElement)),
  ).toBe(false);
});
