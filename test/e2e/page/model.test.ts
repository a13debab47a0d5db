import { expect, it } from 'vitest';
import { OptioClient } from '../../../src/client/index.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';

it('chooses a model and an effort for the turns to come, or neither', { timeout: 120_000 }, async () => {
  const place = await servePlace(undefined);
  await using api = new OptioClient({ url: place.url, token: place.token });
  const models = await api.models();
  const [first, other] = models.filter(({ efforts }) => efforts.length > 1);
  if (!first || !other) throw new Error('Codex offers no two models with efforts');
  const run = await api.run({
    instructions: '!say Here I am.',
    workspace: { fresh: true },
    provider: { baseUrl: place.model.url },
    model: first.id,
    reasoningEffort: first.efforts[0] as string,
    endRule: 'told',
  });
  const { page, goTo } = await open(place);
  await page.getByText('Connected').waitFor(); // whoever leaves before that is not let in yet
  await goTo(`/runs/${run.id}`);
  await page.getByText('Here I am.').first().waitFor();
  // While suggestions are open nothing else is there by its role.
  const choose = async (model: string, effort: string) => {
    await page.getByLabel('Model', { exact: true }).fill(model);
    await page.keyboard.press('Tab');
    await page.getByLabel('Effort', { exact: true }).fill(effort);
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Change', exact: true }).click();
  };
  await page.getByRole('button', { name: /^Model and effort/ }).click();
  await choose(other.id, 'absurd');
  await page.getByRole('alert').filter({ hasText: 'does not take the effort "absurd"' }).waitFor();
  await run.send('!say Still the same.').then(({ completed }) => completed);
  expect(place.model.requests.at(-1)).toMatchObject({
    model: first.id,
    body: { reasoning: { effort: first.efforts[0] } },
  });

  const effort = other.efforts.find((one) => one !== first.efforts[0]) as string;
  await choose(other.id, effort);
  await page.getByRole('button', { name: `from the next turn on ${other.id} · ${effort}` }).waitFor();
  await run.send('!say Another one.').then(({ completed }) => completed);
  expect(place.model.requests.at(-1)).toMatchObject({ model: other.id, body: { reasoning: { effort } } });
  await page.getByRole('button', { name: `Model and effort: ${other.id} · ${effort}`, exact: true }).waitFor();
});
