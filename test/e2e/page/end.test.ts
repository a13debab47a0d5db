import { expect, it } from 'vitest';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch, outcomeOf } from './runs.ts';

/** More than what is read first, of which each has another height. */
const MESSAGES = 160;

it('shows the end of a long run from the first moment on, and still when all that was before has come', async () => {
  const place = await servePlace(undefined);
  const says = Array.from(
    { length: MESSAGES },
    (_, at) => `!say Message ${at}. ${'It is a long one. '.repeat(at % 40)}`,
  );
  const run = await launch(place, says.join('\n'));
  await outcomeOf(place, run);
  const { page, goTo } = await open(place);
  await goTo(`/runs/${run}`);
  const end = page.getByRole('article', { name: 'End of the run' });
  await end.waitFor();
  const scroller = page.getByRole('region', { name: 'What happened' });
  // There is far more of it than the end alone by then.
  const sizes = () =>
    scroller.evaluate(({ scrollHeight, scrollTop, clientHeight }) => [scrollHeight, scrollTop + clientHeight]);
  await until(async () => ((await sizes())[0] ?? 0) > 5_000, 'all of it');
  await until(async () => Math.abs((await sizes()).reduce((one, other) => one - other)) <= 1, 'the end of it');
  expect(await end.isVisible()).toBe(true);
  expect(await page.getByRole('button', { name: /new$|^To the end$/ }).count()).toBe(0);
});
