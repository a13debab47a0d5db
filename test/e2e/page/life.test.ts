import { expect, it } from 'vitest';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';

it('lets in whoever comes by the link, and shows a run as it happens', async () => {
  const place = await servePlace(undefined);
  const { page } = await open(place);
  await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor();
  expect(new URL(page.url()).hash).toBe('');
  const spec = {
    instructions: '!run echo over-there\n!say It is done.',
    workspace: { directory: place.workspace },
    provider: { baseUrl: place.model.url },
    model: 'scripted',
  };
  const response = await fetch(`${place.url}/api/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${place.token}`, 'content-type': 'application/json', 'idempotency-key': 'life' },
    body: JSON.stringify({ spec, options: { name: 'Say it' } }),
  });
  expect(response.status).toBe(201);
  await page.getByRole('link', { name: 'Say it' }).click();
  await page.getByText('It is done.').first().waitFor();
  await page.getByText('over-there').first().waitFor();
});
