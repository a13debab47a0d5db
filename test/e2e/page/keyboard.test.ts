import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch, viewIn } from './runs.ts';

/** What has the focus, and whether one sees that: by an outline, or a border in the colour of what one may act on, of it or around it. */
const FOCUS = `(() => {
  const element = document.activeElement;
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = 'var(--accent)';
  const accent = getComputedStyle(probe).color;
  probe.remove();
  const isMarked = (one) => {
    const { borderTopColor, borderTopWidth } = getComputedStyle(one);
    const isOutlined = [undefined, '::after'].some((part) => {
      const { outlineStyle, outlineWidth, content } = getComputedStyle(one, part);
      return outlineStyle !== 'none' && outlineWidth !== '0px' && (part === undefined || content !== 'none');
    });
    return isOutlined || (borderTopColor === accent && borderTopWidth !== '0px');
  };
  const around = [];
  for (let one = element; one && around.length < 4; one = one.parentElement) around.push(one);
  return { isLost: element === document.body, isSeen: around.some(isMarked), what: element.outerHTML.slice(0, 200) };
})()`;

interface Focus {
  readonly isLost: boolean;
  readonly isSeen: boolean;
  readonly what: string;
}

async function expectFocus(page: Page, after: string): Promise<void> {
  await until(async () => !(await page.evaluate<Focus>(FOCUS)).isLost, `a focus after ${after}`);
}

/** How often one presses Tab at most on the way from one thing to another. */
const MOST_TABS = 80;

/** Goes there by Tab (or Shift+Tab); wherever one comes by, one sees where one is. */
async function tabTo(page: Page, goal: Locator, key = 'Tab'): Promise<void> {
  await goal.waitFor();
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    if (await goal.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press(key);
    const focus = await page.evaluate<Focus>(FOCUS);
    if (!focus.isLost) expect([focus.isSeen, focus.what]).toEqual([true, focus.what]); // past the last thing there is the browser itself
  }
  expect.fail(`${MOST_TABS} tabs do not lead to ${goal}`);
}

const type = (page: Page, text: string) => page.keyboard.type(text);

it('launches a run, reads it, answers it, writes to it and looks for something in it, without a mouse', {
  timeout: 180_000,
}, async () => {
  const place = await servePlace(undefined);
  const person = await open(place);
  const { page } = person;
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press('g', 'n');
  const prompt = page.getByLabel('What should Codex do?');
  await prompt.waitFor();
  await tabTo(page, prompt);
  await type(page, '!run echo found-it\n!escalate touch made\n!say The needle is in here.');
  await tabTo(page, page.getByRole('radio', { name: 'OpenAI' }));
  await press('ArrowRight');
  await tabTo(page, page.getByLabel('Address'));
  await type(page, place.model.url);
  await tabTo(page, page.getByLabel('Model', { exact: true }));
  await type(page, 'scripted');
  await tabTo(page, page.getByRole('radio', { name: 'New directory' }), 'Shift+Tab');
  await press('ArrowRight', 'Tab');
  await type(page, place.workspace);
  await press('Tab', 'Control+Enter');

  const card = page.getByRole('article', { name: 'May this command run?' });
  await card.waitFor();
  await tabTo(page, card);
  await press('a');
  await page.getByText(/^Allowed by /).waitFor();
  await expectFocus(page, 'an answer');
  await page.getByText('The needle is in here.', { exact: true }).waitFor();
  await until(async () => (await viewIn(person))?.turnOrder.length === 1, 'a turn');
  expect(existsSync(join(place.workspace, 'made'))).toBe(true);

  const message = page.getByLabel('Message', { exact: true });
  await tabTo(page, message);
  await type(page, '!say And this is the answer.');
  await press('Enter');
  await page.getByText('And this is the answer.', { exact: true }).waitFor();
  await expectFocus(page, 'a message');

  await press('Control+f');
  await type(page, 'needle');
  const found = page.getByRole('search').getByRole('status');
  await until(async () => (await found.textContent()) === '2', 'two places');
  await press('Enter');
  await until(async () => (await found.textContent()) === '1 of 2', 'the first place');
  await press('Enter');
  await until(async () => (await found.textContent()) === '2 of 2', 'the second place');
  await press('Escape');
  await expectFocus(page, 'a search');

  await press('?');
  const map = page.getByRole('dialog', { name: 'Keyboard' });
  for (const label of [
    'Go to “New run”',
    'Find in this run',
    'Allow',
    'Deny and stop the turn',
    'Name a file of the workspace',
  ])
    await map.getByText(label, { exact: true }).waitFor();
  await press('Escape');
  await map.waitFor({ state: 'detached' });
  await expectFocus(page, 'the map of the keyboard');

  await press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
  await type(page, 'finish');
  await press('Enter');
  await page.getByRole('alertdialog').waitFor();
  await press('Tab', 'Enter');
  await page.getByText('This run is over.').waitFor();
  await expectFocus(page, 'the end of the run');
});

it('goes through the list of runs, and selects and cancels some, without a mouse', { timeout: 180_000 }, async () => {
  const place = await servePlace(undefined);
  for (const name of ['One', 'Two', 'Three']) await launch(place, '!hang', { name });
  const { page } = await open(place);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const link = (name: string) => page.getByRole('link', { name, exact: true });
  for (const name of ['One', 'Two', 'Three']) await link(name).waitFor();
  await press('j');
  await expectFocus(page, 'a step');
  await press('x', 'j', 'x');
  await page.getByText('2 selected').waitFor();
  await expectFocus(page, 'a selection');
  const cancel = page.getByRole('button', { name: 'Cancel 2' });
  await tabTo(page, cancel);
  await press('Enter');
  const dialog = page.getByRole('alertdialog', { name: 'Cancel 2 runs?' });
  await dialog.waitFor();
  await tabTo(page, dialog.getByRole('button', { name: 'Cancel 2 runs' }));
  await press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('2 runs told to stop').waitFor();
  await until(async () => (await page.getByText('Cancelled', { exact: true }).count()) === 2, 'two that are cancelled');
  await expectFocus(page, 'an order to cancel');
  await press('Escape');
  await until(async () => (await page.getByText('2 selected').count()) === 0, 'no selection');
  // Keys mean what they meant before, once what lay above the list is closed.
  await press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await palette.waitFor();
  await press('Escape');
  await palette.waitFor({ state: 'detached' });
  await press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await press('Escape');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor({ state: 'detached' });
  await press('/');
  await type(page, 'Two');
  await page.getByText('1 of 3 runs').waitFor();
  await press('Escape');
  await page.getByText('1 of 3 runs').waitFor({ state: 'detached' });
  await expectFocus(page, 'a search');
  await press('j', 'Enter');
  await page.waitForURL('**/runs/*');
  await page.getByRole('heading', { name: /^(One|Two|Three)$/ }).waitFor();
  await expectFocus(page, 'a run that was opened');
  await press('g', 'r');
  await link('One').waitFor();
  await expectFocus(page, 'the way back');
});

it('adds a login, and removes it, without a mouse', { timeout: 180_000 }, async () => {
  const place = await servePlace(undefined);
  const { page } = await open(place);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press('g', 'l');
  await page.getByText('No login is saved yet').waitFor();
  await press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Go to “Seeds”', { exact: true }).waitFor();
  await press('Escape');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor({ state: 'detached' });
  await tabTo(page, page.getByRole('button', { name: 'Add a login' }).first());
  await press('a');
  const form = page.getByRole('dialog', { name: 'Add a login' });
  await tabTo(page, form.getByRole('radio', { name: 'ChatGPT, by a code' }));
  await press('ArrowRight', 'ArrowRight');
  await tabTo(page, form.getByLabel('Name', { exact: true }));
  await type(page, 'nightly');
  await tabTo(page, form.getByLabel('Key', { exact: true }));
  await type(page, 'sk-of-nobody');
  await press('Enter');
  const row = page.getByRole('article', { name: 'nightly' });
  await row.waitFor();
  await expectFocus(page, 'a login that was added');
  await tabTo(page, row.getByRole('button', { name: 'Verify: nightly' }));
  await tabTo(page, row.getByRole('button', { name: 'More to do with nightly' }));
  await press('Enter');
  const remove = page.getByRole('menuitem', { name: 'Remove …' });
  await remove.waitFor();
  // A menu is seen a moment before it has the focus, and its keys.
  await page.locator('[role="menu"]:focus, [role="menu"] :focus').waitFor();
  await press('End');
  await page.locator('[role="menuitem"]:focus', { hasText: 'Remove …' }).waitFor();
  await press('Enter');
  const question = page.getByRole('alertdialog', { name: 'Remove “nightly”?' });
  await question.waitFor();
  await tabTo(page, question.getByRole('button', { name: 'Remove', exact: true }));
  await press('Enter');
  await page.getByText('No login is saved yet').waitFor();
  await expectFocus(page, 'a login that was removed');
  // The palette does the same.
  await press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
  await type(page, 'add a login');
  await press('Enter');
  await form.waitFor();
});
