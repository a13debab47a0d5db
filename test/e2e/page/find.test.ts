import { expect, it } from 'vitest';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch } from './runs.ts';

it('leads to what is left out of a long output, and tells what of it was not kept', { timeout: 120_000 }, async () => {
  const place = await servePlace(undefined);
  const { page, goTo } = await open(place);
  await goTo(`/runs/${await launch(place, '!run seq 1 200000\n!say Counted.', { endRule: 'told' })}`);
  await page.getByText('Counted.', { exact: true }).waitFor();
  await page.getByText('240,319 bytes in the middle were not kept').waitFor();
  await page.getByText('164,124 kept lines above left out').waitFor();
  await page.keyboard.press('Control+f');
  const field = page.getByLabel('Find in the transcript');
  await field.fill('77777');
  await page.keyboard.press('Enter');
  const whole = page.getByRole('region', { name: 'The whole output' });
  const place77777 = whole.locator('pre', { hasText: '77777' });
  await place77777.waitFor();
  await until(
    () =>
      page.evaluate(`(() => {
      const [range] = [...(CSS.highlights.get('found-here') ?? [])];
      const box = document.querySelector('[aria-label="The whole output"]').getBoundingClientRect();
      const at = range?.getBoundingClientRect();
      return range !== undefined && String(range) === '77777' && at.top >= box.top && at.bottom <= box.bottom;
    })()`) as Promise<boolean>,
    'the place to be marked and seen',
  );
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+f');
  await page.keyboard.type('12');
  expect(await field.inputValue(), 'what was there is written over').toBe('12');
});
