import { expect, it } from 'vitest';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch } from './runs.ts';

it.each([1280, 1024])('leaves a button of a run whole beside a name without a space, %i wide', {
  timeout: 120_000,
}, async (width) => {
  const place = await servePlace(undefined);
  const id = await launch(place, '!say hello', { name: `L${'o'.repeat(180)}ng` });
  const { page, goTo } = await open(place, place.url, { viewport: { width, height: 800 } });
  await goTo(`/runs/${id}`);
  const pause = page.getByRole('button', { name: 'Pause', exact: true });
  await pause.waitFor();
  expect((await pause.boundingBox())?.height).toBe(32);
});
