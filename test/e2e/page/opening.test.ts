import { expect, it } from 'vitest';
import { say } from '../../../src/testing/index.ts';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch, outcomeOf } from './runs.ts';

/** More than the page asks for first, and than a screen shows. */
const MESSAGES = 150;

it('shows the end of a long run before it has read all of it, and what comes before in its place', async () => {
  const place = await servePlace(Array.from({ length: MESSAGES }, (_, at) => say(`Message number ${at}.`)));
  const run = await launch(place, 'Talk.');
  await outcomeOf(place, run);
  const { page, goTo } = await open(place);
  const isLetThrough = Promise.withResolvers<void>();
  await page.route('**/api/updates?*run=*', async (route) => {
    await isLetThrough.promise;
    await route.continue();
  });
  await goTo(`/runs/${run}`);
  const transcript = page.getByRole('region', { name: 'What happened' });
  const end = transcript.getByRole('article', { name: 'End of the run' });
  await end.waitFor();
  await page.getByText('Reading what happened before …').waitFor();
  await page.keyboard.press('Control+f');
  await page.getByLabel('Find in the transcript').fill('number 149');
  await page.keyboard.press('Escape');
  const topOf = async (text: string) => {
    const [row, all] = [
      await transcript.getByText(text, { exact: true }).boundingBox(),
      await transcript.boundingBox(),
    ];
    return row && all ? row.y - all.y : Number.NaN;
  };
  // Somebody who looks at something else by then stays with that.
  const seen = `Message number ${MESSAGES - 6}.`;
  // Where it takes long, there is more of the end than fills the screen.
  const height = () => transcript.evaluate(({ scrollHeight }) => scrollHeight);
  await until(async () => (await height()) > 2_000, 'all that is known of the end');
  await transcript.hover();
  await until(async () => {
    await page.mouse.wheel(0, -250);
    return page.getByRole('button', { name: 'To the end' }).isVisible();
  }, 'somebody who has left the end');
  const before = await topOf(seen);
  isLetThrough.resolve();
  await page.getByText('Reading what happened before …').waitFor({ state: 'detached' });
  await until(async () => Math.abs((await topOf(seen)) - before) < 2, 'what one sees to stay');
  await transcript.focus();
  await page.keyboard.press('Home');
  await transcript.getByText('Message number 0.', { exact: true }).waitFor();
  expect(before).toBeGreaterThan(0);
});
