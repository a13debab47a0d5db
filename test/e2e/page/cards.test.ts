import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { event, say, shell, usage, viewImage } from '../../../src/testing/index.ts';
import { splitIntoResponses } from '../../../src/testing/step.ts';
import { png } from '../../support/picture.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch, outcomeOf } from './runs.ts';

it('shows what Codex has looked for in the web, and the pictures at which it has looked', {
  timeout: 120_000,
}, async () => {
  const search = {
    type: 'web_search_call',
    id: 'ws_1',
    status: 'completed',
    action: { type: 'search', query: 'cats' },
  };
  const script = splitIntoResponses([
    event('response.output_item.done', { output_index: 0, item: search }),
    viewImage('cat.png'),
    say('A cat.'),
  ]);
  const place = await servePlace((request) => script[request.outputs.length] ?? []);
  writeFileSync(join(place.workspace, 'cat.png'), png(40, 30));
  const id = await launch(place, 'Look for a cat', { endRule: 'firstTurn' });
  const { page, goTo } = await open(place);
  await goTo(`/runs/${id}`);
  await page.getByText('A cat.', { exact: true }).first().waitFor();
  await page.getByText('Search the web for “cats”').waitFor();
  await page.getByText('cat.png', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Show the picture' }).click();
  const picture = page.getByRole('img', { name: 'cat.png' });
  await picture.waitFor();
  expect(await picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)).toBe(40);
});

it('marks where Codex has summed up what was said', { timeout: 120_000 }, async () => {
  const place = await servePlace((request) => {
    if (/summary|handoff/i.test(request.userText)) return [say('All that was said: nothing much.')];
    return request.outputs.length === 0 ? [usage({ input: 19_500 }), shell('echo one')] : [say('Done after all.')];
  });
  const provider = { baseUrl: place.model.url, contextWindow: 20_000 };
  const id = await launch(place, 'Go on for long', { endRule: 'firstTurn', provider });
  await outcomeOf(place, id);
  const { page, goTo } = await open(place);
  await goTo(`/runs/${id}`);
  await page.getByText('Codex summed up what was said until here, to make room.').waitFor();
});
