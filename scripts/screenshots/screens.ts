import type { Page } from 'playwright-core';
import type { ShownRuns } from './launch.ts';

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** One picture of the page. */
export interface Screen {
  /** What the file is called, without the theme. */
  readonly name: string;
  readonly path: (runs: ShownRuns) => string;
  /** What is done before it is taken; it resolves when everything that is to be seen is there. */
  readonly prepare: (page: Page) => Promise<unknown>;
  /** In pixels (1280 by 800). */
  readonly size?: { readonly width: number; readonly height: number };
  /** As somebody sees it who is not let in (false). */
  readonly isStranger?: boolean;
}

const PHONE = { width: 390, height: 760 };

const shown = (text: string | RegExp) => (page: Page) => page.getByText(text).first().waitFor();

const SEES_DONE = shown('needed no change');
const SEES_RUNS = shown('Release 2.4');
const SEES_SEEDS = shown('ada@example.org');
const SEES_PUSH = shown('The release is ready');

async function openTab(page: Page, name: string): Promise<void> {
  await SEES_DONE(page);
  await page.getByRole('tab', { name }).click();
}

export const SCREENS: readonly Screen[] = [
  { name: 'runs', path: () => '/', prepare: SEES_RUNS },
  { name: 'run', path: ({ done }) => `/runs/${done}`, prepare: SEES_DONE },
  {
    name: 'run-changes',
    path: ({ done }) => `/runs/${done}`,
    async prepare(page) {
      await openTab(page, 'Changes');
      for (const path of ['docs/prices.md', 'src/price.js'])
        await page.getByRole('complementary').locator('summary', { hasText: path }).click();
      await page.getByRole('complementary').getByText('Half a cent goes up').waitFor();
    },
  },
  {
    name: 'run-files',
    path: ({ done }) => `/runs/${done}`,
    async prepare(page) {
      await openTab(page, 'Files');
      await page.getByRole('treeitem', { name: 'src' }).click();
      await page.getByRole('treeitem', { name: 'price.js' }).click();
      await page.getByText('What a cart costs').first().waitFor();
    },
  },
  ...(['Plan', 'Log', 'Details'] as const).map((tab) => ({
    name: `run-${tab.toLowerCase()}`,
    path: ({ done }: ShownRuns) => `/runs/${done}`,
    async prepare(page: Page) {
      await openTab(page, tab);
      await page.getByRole('tabpanel', { name: tab }).waitFor();
    },
  })),
  { name: 'run-working', path: ({ working }) => `/runs/${working}`, prepare: shown('round') },
  { name: 'run-asks', path: ({ push }) => `/runs/${push}`, prepare: SEES_PUSH },
  { name: 'requests', path: () => '/requests', prepare: shown('Which database') },
  {
    name: 'new-run',
    path: () => '/new',
    async prepare(page) {
      await page
        .getByLabel('What should Codex do?')
        .fill('Give every order a number that people can read to each other.');
      await page.getByRole('radio', { name: 'Git worktree' }).click();
    },
  },
  { name: 'search', path: () => '/?search=package.json&in=said', prepare: shown(/^Said in/) },
  {
    name: 'queue',
    path: ({ working }) => `/runs/${working}`,
    async prepare(page) {
      await page.getByRole('button', { name: 'Interrupt' }).waitFor();
      const waiting = page.getByRole('region', { name: 'Messages that wait' });
      for (const text of ['Then mend the one that depends on another.', 'And run all of them once more.']) {
        if (await waiting.getByText(text).isVisible()) continue; // it is there since the picture in the other theme
        await page.getByLabel('Message', { exact: true }).fill(text);
        await page.getByRole('button', { name: 'Queue', exact: true }).click();
        await waiting.getByText(text).waitFor();
      }
    },
  },
  { name: 'archive', path: () => '/?archived=true', prepare: shown('Greetings') },
  { name: 'not-found', path: () => '/nowhere', prepare: shown('Runs') },
  { name: 'login', path: () => '/', prepare: (page) => page.getByLabel('Token').waitFor(), isStranger: true },
  { name: 'tasks', path: () => '/tasks', prepare: shown('Outdated dependencies') },
  { name: 'task', path: () => '/tasks/dependencies', prepare: shown('On working days') },
  { name: 'seeds', path: () => '/seeds', prepare: SEES_SEEDS },
  {
    name: 'seed-login',
    path: () => '/seeds',
    async prepare(page) {
      await SEES_SEEDS(page);
      const goOn = page.getByRole('button', { name: 'Go on: spare' });
      if (await goOn.isVisible())
        await goOn.click(); // it is under way since the picture in the other theme
      else {
        await page.getByRole('button', { name: 'Add a login' }).click();
        await page.getByLabel('Name', { exact: true }).fill('spare');
        await page.getByRole('button', { name: 'Get a code' }).click();
      }
      await page.getByText('Enter this code there:').waitFor();
    },
  },
  { name: 'settings', path: () => '/settings', prepare: shown('Make a token') },
  {
    name: 'palette',
    path: () => '/',
    async prepare(page) {
      await SEES_RUNS(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'keyboard',
    path: () => '/',
    async prepare(page) {
      await SEES_RUNS(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'phone-runs', path: () => '/', prepare: SEES_RUNS, size: PHONE },
  { name: 'phone-seeds', path: () => '/seeds', prepare: SEES_SEEDS, size: PHONE },
  { name: 'phone-run', path: ({ push }) => `/runs/${push}`, prepare: SEES_PUSH, size: PHONE },
];
