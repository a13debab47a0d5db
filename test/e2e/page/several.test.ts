import type { Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { ask, launch, scripted, viewOf } from './runs.ts';

it('lets several runs go on at once', { timeout: 120_000 }, async () => {
  const place = await servePlace(undefined);
  const ids = [await launch(place, '!hang', { name: 'One' }), await launch(place, '!hang', { name: 'Two' })];
  const stateOf = async (id: string) => (await viewOf(place, id)).state;
  for (const id of ids) {
    await until(async () => (await stateOf(id)) === 'running', `run ${id}`);
    await ask(place, `/api/runs/${id}/pause`, {});
    await until(async () => (await stateOf(id)) === 'paused', `a pause of ${id}`);
  }
  const { page } = await open(place);
  await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
  await page.getByRole('button', { name: 'Resume 2' }).click();
  await page.getByText('2 runs resumed').waitFor();
  for (const id of ids) expect(await stateOf(id)).toBe('running');
});

it('tells how far it is with many runs, and in the end which of them failed, and why', {
  timeout: 120_000,
}, async () => {
  const place = await servePlace(undefined);
  const notBefore = new Date(Date.now() + 3_600_000).toISOString();
  const spec = scripted(place, 'Later');
  for (let at = 1; at <= 12; at++) await ask(place, '/api/runs', { spec, options: { name: `Later ${at}`, notBefore } });
  const { page } = await open(place);
  const held: Route[] = [];
  await page.route('**/api/runs/*/cancel', (route) => {
    held.push(route);
  });
  await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
  await page.getByRole('button', { name: 'Cancel 12' }).click();
  await page.getByRole('button', { name: 'Cancel 12 runs' }).click();
  const told = page.getByRole('region', { name: 'What was done' });
  await told.getByText('Cancelling 12 runs: 0 of 12').waitFor();
  const release = async (how: (route: Route) => Promise<void>) => {
    await until(() => held.length > 0, 'a run that is told to stop');
    await how(held.shift() as Route);
  };
  const why = 'it went another way';
  const problem = { type: 'about:blank', title: why, status: 409, detail: why, code: 'state-changed', message: why };
  const refuse = (route: Route) => route.fulfill({ status: 409, body: JSON.stringify(problem) });
  for (let at = 0; at < 3; at++) await release(refuse);
  await told.getByText('Cancelling 12 runs: 3 of 12').waitFor();
  for (let at = 3; at < 12; at++) await release((route) => route.continue());
  await told.getByText('9 runs told to stop').waitFor();
  await told.getByText('3 runs could not be told to stop').waitFor();
  await told.getByText('Which, and why').click();
  expect(await told.getByText(why).count()).toBe(3);
  expect(await told.getByText('of 12').count(), 'nothing goes on any more').toBe(0);
});
