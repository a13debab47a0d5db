import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { ask, launch, scripted, viewOf } from './runs.ts';

it('leaves a button of a run whole beside a name without a space', { timeout: 180_000 }, async () => {
  const place = await servePlace(undefined);
  const id = await launch(place, '!say hello', { name: `L${'o'.repeat(180)}ng`, endRule: 'told' });
  await until(async () => (await viewOf(place, id)).state === 'running', 'a run that is under way');
  const { page, goTo } = await open(place);
  await goTo(`/runs/${id}`);
  const pause = page.getByRole('button', { name: 'Pause', exact: true });
  await pause.waitFor();
  for (const width of [1280, 1024]) {
    await page.setViewportSize({ width, height: 800 });
    expect((await pause.boundingBox())?.height, `${width}`).toBe(32);
  }
});

it('lays out what is written from right to left from the right, and code from the left', {
  timeout: 120_000,
}, async () => {
  const place = await servePlace(undefined);
  const say = (text: string) => `!say ${text}`;
  const script = [
    say('مرحبا بالعالم `ls -l` اليوم.'),
    say('- عنصر أول'),
    say('```\nكود\n```'.replaceAll('\n', '\\n')),
    say('plain words'),
  ];
  const id = await launch(place, script.join('\n'), { endRule: 'firstTurn', autoStart: true });
  const { page, goTo } = await open(place);
  await goTo(`/runs/${id}`);
  await page.getByRole('article', { name: 'Codex', exact: true }).getByText('plain words').waitFor();
  const side = (text: string) =>
    page
      .getByRole('article', { name: 'Codex', exact: true })
      .getByText(text)
      .evaluate((element) => {
        const range = element.ownerDocument.createRange();
        range.selectNodeContents(element);
        return range.getBoundingClientRect().left - element.getBoundingClientRect().left > 40 ? 'right' : 'left';
      });
  expect([await side('مرحبا'), await side('عنصر'), await side('plain words')]).toEqual(['right', 'right', 'left']);
});

it.each([
  [1280, 220],
  [1024, 170],
])('leaves room for what runs are called and do in a list %i wide', { timeout: 120_000 }, async (width, least) => {
  const place = await servePlace(undefined);
  const name = 'Find out why the release of the day before was late';
  const laterMs = Date.now() + 3_600_000;
  await ask(place, '/api/runs', { spec: scripted(place, '!say x'), options: { name, notBefore: new Date(laterMs) } });
  const { page } = await open(place, place.url, { viewport: { width, height: 800 } });
  const row = page.getByRole('row').filter({ hasText: name });
  for (const text of [name, /^begins /]) {
    const cell = row.getByRole('cell').filter({ hasText: text });
    expect((await cell.boundingBox())?.width).toBeGreaterThan(least);
  }
  const head = page.getByRole('columnheader').getByRole('button');
  const sizeOf = async (button: Locator) => ({ ...(await button.boundingBox()), y: null });
  for (const button of await head.all()) {
    const before = await sizeOf(button);
    await button.click();
    await page.getByRole('columnheader').and(page.locator('[aria-sort]')).waitFor();
    expect(await sizeOf(button)).toEqual(before);
  }
});
