import { expect, it } from 'vitest';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { ask, launch, outcomeOf } from './runs.ts';

it('says of a run that was cancelled why, and of its command that it was stopped, on its screen and in the list', {
  timeout: 120_000,
}, async () => {
  const place = await servePlace(undefined);
  const { page, goTo } = await open(place);
  // Codex tells the model of a command that takes longer than ten seconds, and the turn goes on.
  const prompt = '!run echo begun; while true; do sleep 0.1; done\n!hang';
  const id = await launch(place, prompt, { name: 'Endless' });
  await goTo(`/runs/${id}`);
  await page.getByText('begun', { exact: true }).first().waitFor();
  await ask(place, `/api/runs/${id}/cancel`, { reason: 'It is late.' });
  expect(await outcomeOf(place, id)).toMatchObject({ status: 'cancelled' });
  await page.getByText('It is late.', { exact: true }).waitFor();
  await page.getByText('stopped', { exact: true }).waitFor();
  await goTo('/');
  const row = page.getByRole('row', { name: /Endless/ });
  await row.getByText('Cancelled', { exact: true }).waitFor();
  await row.getByText('It is late.', { exact: true }).waitFor();
});
