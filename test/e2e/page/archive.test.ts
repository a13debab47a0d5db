import { expect, it } from 'vitest';
import { OptioClient } from '../../../src/client/index.ts';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { ask, launch, outcomeOf } from './runs.ts';

it('puts runs out of sight, one or several, and brings them back', { timeout: 120_000 }, async () => {
  const place = await servePlace(undefined);
  await using api = new OptioClient({ url: place.url, token: place.token });
  for (const name of ['alpha', 'beta', 'gamma']) {
    const spec = { workspace: { fresh: true }, provider: { baseUrl: place.model.url }, model: 'scripted' } as const;
    const run = await api.run({ ...spec, instructions: '!say Done.', endRule: 'firstTurn' }, { name });
    await run.outcome;
  }
  const { page, goTo } = await open(place);
  await page.getByText('Connected').waitFor(); // whoever leaves before that is not let in yet
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  const archived = async () => (await api.list({ isArchived: true })).runs.map(({ name }) => name).sort();

  await page.getByRole('button', { name: 'What to do with alpha' }).click();
  await page.getByRole('menuitem', { name: 'Archive' }).click();
  await row('alpha').waitFor({ state: 'detached' });
  expect(await archived()).toEqual(['alpha']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await row('alpha').waitFor();
  expect(await archived()).toEqual([]);

  await page.getByRole('checkbox', { name: 'Select alpha' }).check();
  await page.getByRole('checkbox', { name: 'Select beta' }).check();
  await page.getByRole('button', { name: 'Archive 2' }).click();
  await row('beta').waitFor({ state: 'detached' });
  await row('gamma').waitFor();
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await page.getByRole('heading', { name: 'Archive' }).waitFor();
  expect(new URL(page.url()).search).toBe('?archived=true');
  await row('beta').waitFor();
  expect(await row('gamma').count()).toBe(0);

  await row('alpha').getByRole('link', { name: 'alpha' }).click();
  await page.getByText('Archived', { exact: true }).waitFor();
  await page.getByRole('heading', { name: 'alpha' }).waitFor();
  await page.getByRole('button', { name: 'More to do with this run' }).click();
  await page.getByRole('menuitem', { name: 'Bring back from the archive' }).click();
  await page.getByText('Archived', { exact: true }).waitFor({ state: 'detached' });
  await goTo('/?archived=true');
  await row('beta').waitFor();
  expect(await archived()).toEqual(['beta']);
});

it('says of a run that it is not there, while the list lives on', { timeout: 120_000 }, async () => {
  const place = await servePlace(undefined);
  await using api = new OptioClient({ url: place.url, token: place.token });
  const { page, goTo } = await open(place);
  await page.getByText('Connected').waitFor(); // whoever leaves before that is not let in yet
  await goTo('/runs/run-0000000000000000');
  await page.getByRole('heading', { name: 'There is no such run' }).waitFor();
  const spec = { workspace: { fresh: true }, provider: { baseUrl: place.model.url }, model: 'scripted' } as const;
  await api.run({ ...spec, instructions: '!say Done.', endRule: 'firstTurn' }, { name: 'here' });
  await page.getByRole('link', { name: 'All runs' }).click();
  await page.getByRole('row').filter({ hasText: 'here' }).filter({ hasText: 'Done' }).waitFor();
});

it('says to a browser at an unknown address that there is nothing', { timeout: 120_000 }, async () => {
  const place = await servePlace(undefined);
  const { page, goTo } = await open(place);
  await page.getByText('Connected').waitFor(); // whoever leaves before that is not let in yet
  for (const path of ['/nowhere', '/runs/x/y']) {
    await goTo(path);
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  }
});

it('deletes what it said it would, also when the page is reloaded or closed before that was done', {
  timeout: 120_000,
}, async () => {
  const place = await servePlace(undefined);
  const [one, two] = [
    await launch(place, '!say One.', { endRule: 'firstTurn' }),
    await launch(place, '!say Two.', { endRule: 'firstTurn' }),
  ];
  for (const id of [one, two]) await outcomeOf(place, id);
  const left = async () => (await ask<{ runs: { id: string }[] }>(place, '/api/runs')).runs.map(({ id }) => id);
  const { page, goTo } = await open(place);
  const remove = async (id: string) => {
    await goTo(`/runs/${id}`);
    await page.getByRole('button', { name: 'More to do with this run' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByText('Deleting 1 run').waitFor();
    expect(await left(), 'it can be undone').toContain(id);
  };
  await remove(one);
  await page.reload();
  await until(async () => !(await left()).includes(one), 'the first to be deleted');
  await remove(two);
  await page.close();
  await until(async () => (await left()).length === 0, 'the second to be deleted');
});
