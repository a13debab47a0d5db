import { expect, it } from 'vitest';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch, outcomeOf } from './runs.ts';

/** What the browser has painted as found just now. */
const HERE = `String([...(CSS.highlights.get('found-here') ?? [])][0] ?? '')`;

it('finds what was said in any run, and opens it at that place', { timeout: 120_000 }, async () => {
  const place = await servePlace(undefined);
  const lines = Array.from({ length: 30 }, (_, at) => `!say Line ${at}.`).join('\n');
  const alpha = await launch(place, `${lines}\n!run echo "a <needle> & more"\n!say It is done.`, { name: 'alpha' });
  await launch(place, '!say Nothing is here.', { name: 'needlework' });
  await outcomeOf(place, alpha);
  const { page } = await open(place);
  const field = page.getByRole('searchbox', { name: 'Search runs' });
  await field.fill('needle');
  await page.getByRole('row').filter({ hasText: 'needlework' }).waitFor();
  expect(await page.getByRole('row').filter({ hasText: 'alpha' }).count()).toBe(0);
  await page.getByRole('button', { name: 'What was said', exact: true }).click();
  const found = page.getByRole('list', { name: 'What was said' });
  const output = found.getByRole('link', { name: /^Output/ });
  await output.waitFor();
  expect(await output.locator('mark').textContent()).toBe('needle');
  expect(await output.textContent()).toContain('a <needle> & more');
  expect(await found.getByRole('link', { name: 'needlework' }).count()).toBe(0);
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ search: 'needle', in: 'said' });

  await output.click();
  await page.getByRole('heading', { name: 'alpha' }).waitFor();
  expect(await page.getByLabel('Find in the transcript').inputValue()).toBe('needle');
  await until(() => page.evaluate(HERE).then((text) => text === 'needle'), 'the place to be marked');
  await page.keyboard.press('Escape');
  await page.getByLabel('Find in the transcript').waitFor({ state: 'detached' });
  expect(new URL(page.url()).search, 'a reload does not look for it again').toBe('');

  await page.goBack();
  await output.waitFor();
  await field.fill('NOTHING IS HERE');
  await found.getByRole('link', { name: 'needlework' }).waitFor();
  await output.waitFor({ state: 'detached' });
  await field.press('Enter');
  await page.getByRole('heading', { name: 'needlework' }).waitFor();
});

it('shows the answer to what was typed last, and says where there is none', { timeout: 120_000 }, async () => {
  const place = await servePlace(undefined);
  await outcomeOf(place, await launch(place, '!say The first thing.', { name: 'alpha' }));
  const { page, goTo } = await open(place);
  // The answer to what was typed first comes last.
  const late = Promise.withResolvers<void>();
  await page.route('**/api/search?*', async (route) => {
    if (route.request().url().includes('first')) await late.promise;
    await route.continue();
  });
  await goTo('/?search=first&in=said');
  const status = page.getByRole('status').filter({ hasText: /^(Searching|Said|No run)/ });
  await status.filter({ hasText: 'Searching' }).waitFor();
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('second');
  await status.filter({ hasText: 'No run says that.' }).waitFor();
  const answer = page.waitForResponse((response) => response.url().includes('first'));
  late.resolve();
  await (await answer).finished();
  // What is asked for after it is answered after it; then what was made of it is drawn.
  await page.evaluate(`fetch('/api/server').then((answered) => answered.text())
    .then(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))`);
  expect(await page.getByRole('list', { name: 'What was said' }).getByRole('link').count()).toBe(0);

  await page.unroute('**/api/search?*');
  const problem = { code: 'store-failed', message: 'the disk is gone', remedy: 'Look at the disk.' };
  const more = {
    type: 'urn:optio-codex:error:store-failed',
    title: 'Store failed',
    status: 500,
    detail: problem.message,
  };
  await page.route('**/api/search?*', (route) => route.fulfill({ status: 500, json: { ...problem, ...more } }));
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('thing');
  await page
    .getByRole('alert')
    .filter({ hasText: 'the disk is gone' })
    .filter({ hasText: 'Look at the disk.' })
    .waitFor();
  await page.unroute('**/api/search?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('list', { name: 'What was said' }).getByRole('link', { name: 'alpha' }).waitFor();
});

it('is offered by the commands, and where no name has what one looks for', { timeout: 120_000 }, async () => {
  const place = await servePlace(undefined);
  await outcomeOf(place, await launch(place, '!say A word.', { name: 'alpha' }));
  const { page, goTo } = await open(place);
  await page.getByRole('row').filter({ hasText: 'alpha' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByLabel('Find a run, a screen or a command').fill('a word');
  await page.getByRole('option', { name: 'Search everything for “a word”' }).click();
  const found = page.getByRole('list', { name: 'What was said' }).getByRole('link', { name: 'alpha' });
  await found.waitFor();
  await goTo('/?search=word');
  await page.getByRole('button', { name: 'Search in what was said' }).click();
  await found.waitFor();
});
