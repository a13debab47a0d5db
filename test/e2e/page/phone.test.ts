import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { ask, launch, scripted } from './runs.ts';

const PHONE = { viewport: { width: 375, height: 667 }, hasTouch: true, isMobile: true };

/** Finds out how wide the page is, and whatever is cut off or scrolls by itself in it; code and tables may. */
const MEASURE = `(() => {
  const { scrollWidth } = document.documentElement;
  const beside = [...document.querySelectorAll('main, main *')].filter((element) => {
    if (element.scrollWidth <= element.clientWidth + 1 || element.clientWidth === 0) return false;
    return ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) && !element.querySelector(':scope > pre, :scope > table, :scope > code') && !element.matches('pre, code, textarea');
  });
  return { wide: Math.max(scrollWidth, innerWidth), beside: beside.map(({ className, textContent }) => className + ': ' + textContent.slice(0, 40)) };
})()`;

/** Nothing lies beside what one sees. */
async function expectToFit(page: Page, screen: string): Promise<void> {
  expect([screen, await page.evaluate(MEASURE)]).toEqual([screen, { wide: 375, beside: [] }]);
}

it('launches a run, reads it, answers it and writes to it by tapping, on a screen of a phone', {
  timeout: 180_000,
}, async () => {
  const place = await servePlace(undefined);
  const { page } = await open(place, place.url, PHONE);
  const tap = (role: 'button' | 'tab', name: string | RegExp) => page.getByRole(role, { name }).first().tap();
  await page.getByText('Nothing runs yet').waitFor();
  await expectToFit(page, 'no runs');
  await page.getByRole('link', { name: 'New run', exact: true }).tap();
  const prompt = page.getByLabel('What should Codex do?');
  await prompt.tap();
  const wide = 'a-word-that-is-much-wider-than-the-screen-of-a-phone-and-has-no-place-to-break'.repeat(2);
  await prompt.fill(`!run echo ${wide}\n!escalate touch ${wide.slice(0, 200)}\n!say It is **${wide}**.`);
  await page.getByText('Another', { exact: true }).tap();
  await page.getByLabel('Address').fill(place.model.url);
  await page.getByLabel('Model', { exact: true }).fill('scripted');
  await page.getByText('Directory', { exact: true }).first().tap();
  await page.getByLabel('Directory', { exact: true }).last().fill(place.workspace);
  await page.locator('summary', { hasText: 'More' }).tap();
  await page.getByLabel('Name', { exact: true }).fill('By thumb');
  await expectToFit(page, 'the form of a new run');
  await tap('button', 'Launch');
  await page.getByRole('article', { name: 'May this command run?' }).waitFor();
  await expectToFit(page, 'a run that asks');
  await page.getByRole('button', { name: 'Interrupt' }).waitFor();
  await tap('button', /^Allow$/);
  await page.getByText(/^Allowed by /).waitFor();
  await page.locator('strong', { hasText: wide }).waitFor();
  await expectToFit(page, 'a run');
  expect(existsSync(join(place.workspace, wide.slice(0, 200)))).toBe(true);
  for (const name of ['Changes', 'Plan', 'Files', 'Details']) {
    await tap('tab', name);
    await page.getByRole('tabpanel', { name }).waitFor();
    await expectToFit(page, name);
  }
  await tap('tab', 'Transcript');
  await page.getByLabel('Message', { exact: true }).tap();
  await page.getByLabel('Message', { exact: true }).fill('!say You have written to me.');
  await tap('button', 'Send');
  await page.getByText('You have written to me.', { exact: true }).waitFor();
  await expectToFit(page, 'a run with a message');
  await tap('button', 'More to do with this run');
  await page.getByRole('menuitem', { name: 'Change the budget …' }).tap();
  await page.getByRole('dialog', { name: 'Budget' }).waitFor();
  await expectToFit(page, 'a dialog');
  await tap('button', 'Not now');
  await tap('button', 'Finish …');
  await page.getByRole('alertdialog', { name: 'Finish “By thumb” now?' }).waitFor();
  await expectToFit(page, 'a question whether to finish');
  await tap('button', 'Finish it now');
  await page.getByText('This run is over.').waitFor();
});

it('fits on the screen of a phone, wherever one goes', { timeout: 180_000 }, async () => {
  const place = await servePlace(undefined);
  const config = scripted(place, 'Look into {{folder}}.', { autoStart: true, endRule: 'firstTurn' });
  const name = 'A task with a name that has to be broken on the screen of a phone';
  await ask(place, '/api/tasks/nightly', { id: 'nightly', name, config, schedule: '0 6 * * 1-5' }, 'PUT');
  await launch(place, '!ask Which colour is best-of-all-the-colours-that-there-are? | red | green\n!say done', {
    name: 'A run whose name is longer than what fits on the screen of a phone',
  });
  await ask(place, '/api/seeds/nightly', { id: 'nightly', apiKey: 'sk-of-nobody', pool: 'p'.repeat(64) }, 'PUT');
  const { page, goTo } = await open(place, place.url, PHONE);
  await page.getByText('Waiting for you').first().waitFor();
  await expectToFit(page, 'Runs');
  for (const screen of ['Requests', 'Tasks', 'Seeds', 'Settings', 'Runs'] as const) {
    await page.getByRole('link', { name: screen }).first().tap();
    await page.getByRole('heading', { name: screen, exact: true }).first().waitFor();
    if (screen === 'Requests') await page.getByRole('article', { name: 'Codex has a question' }).waitFor();
    if (screen === 'Tasks') await page.getByRole('link', { name }).waitFor();
    if (screen === 'Settings') await page.getByRole('heading', { name: 'Tokens' }).waitFor();
    await expectToFit(page, screen);
    if (screen !== 'Seeds') continue;
    await page.getByRole('article', { name: 'nightly' }).waitFor();
    await expectToFit(page, 'seeds');
    await page.getByRole('button', { name: 'Add a login' }).tap();
    for (const way of ['API key', 'auth.json', 'ChatGPT, in a browser']) {
      await page.getByText(way, { exact: true }).last().tap();
      await expectToFit(page, `a login by ${way}`);
    }
    await page.getByRole('button', { name: 'Not now' }).tap();
  }
  await page.getByRole('link', { name: /^A run whose name/ }).tap();
  const card = page.getByRole('article', { name: 'Codex has a question' });
  await card.getByText('green').tap();
  await expectToFit(page, 'a question');
  await card.getByRole('button', { name: 'Answer' }).tap();
  await page.getByText(/^Answered by /).waitFor();
  await page.getByText('This run is over.').waitFor();
  await expectToFit(page, 'a run that has ended');
  await goTo('/tasks/nightly');
  await page.getByRole('heading', { name: 'Schedule' }).waitFor();
  await expectToFit(page, 'a task');
  await page.evaluate(`history.pushState(null, '', '/nowhere')`);
  await page.getByText('There is nothing here').waitFor();
  await expectToFit(page, 'not found');
});
