import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open, type Person } from './browser.ts';
import { ask, launch, viewIn, viewOf } from './runs.ts';

it('lets in whoever comes by the link, and shows a run as it happens', async () => {
  const place = await servePlace(undefined);
  const { page } = await open(place);
  await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor();
  expect(new URL(page.url()).hash).toBe('');
  await launch(place, '!run echo over-there\n!say It is done.', { name: 'Say it' });
  await page.getByRole('link', { name: 'Say it' }).click();
  await page.getByText('It is done.', { exact: true }).waitFor();
  await page.getByText('over-there', { exact: true }).first().waitFor();
});

/** Goes on for as long as nobody stops it, or steers it: of a command Codex would tell the model after ten seconds. */
const FOR_EVER = '!hang';

const runOf = ({ page }: Person) => new URL(page.url()).pathname.replace('/runs/', '');

it('says of a message that Codex has dropped it with the turn that was interrupted', async () => {
  const place = await servePlace(undefined);
  const { page, goTo } = await open(place);
  await goTo(`/runs/${await launch(place, '!escalate touch made -- It has to be made.')}`);
  await page.getByRole('button', { name: /^Allow a$/ }).waitFor();
  await page.getByLabel('Message', { exact: true }).fill('Mind the gap.');
  // Codex takes it once what it asked for has been done.
  await page.getByRole('button', { name: 'Steer now', exact: true }).click();
  await page.getByText('Accepted by Codex, which has not taken it up yet …').waitFor();
  await page.getByRole('button', { name: 'Interrupt' }).click();
  await page.getByText('The turn ended before Codex took this message.').waitFor();
});

it('takes a run from the form to its end: asked, written to, steered, interrupted, exported, launched again, and deleted', {
  timeout: 180_000,
}, async () => {
  const place = await servePlace(undefined);
  const person = await open(place);
  const { page } = person;

  await page.getByRole('link', { name: 'New run', exact: true }).click();
  await page.getByLabel('What should Codex do?').fill(`!escalate touch made -- It has to be made.\n${FOR_EVER}`);
  await page.getByRole('radio', { name: 'Another', exact: true }).check();
  await page.getByLabel('Address').fill(place.model.url);
  await page.getByLabel('Model', { exact: true }).fill('scripted');
  await page.getByRole('radio', { name: 'Directory', exact: true }).check();
  await page.getByRole('combobox', { name: 'Directory', exact: true }).fill(place.workspace.slice(0, -4));
  await page.getByRole('option', { name: place.workspace }).click();
  await page.locator('summary', { hasText: 'More' }).click();
  await page.getByLabel('Name', { exact: true }).fill('A whole life');
  await page.getByText(`Codex works in ${place.workspace} with scripted`).waitFor();
  await page.getByRole('button', { name: 'Launch' }).click();
  await page.waitForURL('**/runs/*');
  const run = runOf(person);

  await page.getByRole('button', { name: /^Allow a$/ }).click();
  await page.getByText(/^Allowed by /).waitFor();
  const stateOf = async () => {
    const { turns = {}, turnOrder = [] } = (await viewIn(person)) ?? {};
    return turnOrder.map((id) => turns[id]?.status);
  };
  await until(async () => (await viewIn(person))?.state === 'running', 'a run that is under way');

  const message = page.getByLabel('Message', { exact: true });
  const waiting = page.getByRole('region', { name: 'Messages that wait' });
  for (const text of ['!say One.', '!say Two.', '!say Three.']) {
    await message.fill(text);
    await page.getByRole('button', { name: 'Queue' }).click();
    await waiting.getByText(text, { exact: true }).waitFor();
  }
  await waiting.getByRole('button', { name: 'Earlier: !say Three.' }).click();
  await waiting.getByRole('button', { name: 'Remove: !say One.' }).click();
  await waiting.getByRole('button', { name: 'Change: !say Two.' }).click();
  await waiting.getByLabel('Change the message').fill('!say Second.');
  await waiting.getByRole('button', { name: 'Keep' }).click();
  const listed = waiting.getByRole('listitem');
  await until(
    async () => (await listed.allTextContents()).join() === '!say Three.,!say Second.',
    'a queue as it was put',
  );

  await message.fill(`Mind the gap.\n${FOR_EVER}`);
  await page.getByRole('button', { name: 'Steer now', exact: true }).click();
  await page.getByText('Put into the running turn').waitFor();
  expect(await stateOf()).toEqual(['running']);
  await page.getByRole('button', { name: 'Interrupt' }).click();
  await page.getByText('Interrupted', { exact: true }).first().waitFor();
  // What was queued is held until somebody lets it go on.
  await waiting.getByText('Held since the interrupt.').waitFor();
  expect(await listed.count()).toBe(2);
  await waiting.getByRole('button', { name: 'Go on sending' }).click();
  for (const text of ['Three.', 'Second.']) await page.getByText(text, { exact: true }).waitFor();
  expect(await waiting.count()).toBe(0);
  await until(async () => (await stateOf()).join() === 'interrupted,completed,completed', 'the end of all turns');
  const { messages, messageOrder } = await viewOf(place, run);
  expect(messageOrder.map((id) => messages[id]?.text).slice(1)).toEqual([
    `Mind the gap.\n${FOR_EVER}`,
    '!say Three.',
    '!say Second.',
  ]);

  await page.getByRole('button', { name: 'Finish …' }).click();
  const finish = page.getByRole('alertdialog', { name: /^Finish “.*” now\?$/ });
  await finish.getByRole('button', { name: 'Not now' }).click();
  await finish.waitFor({ state: 'detached' });
  expect((await viewIn(person))?.outcome).toBeNull();
  await page.getByRole('button', { name: 'Finish …' }).click();
  await finish.getByText('The run counts as done then').waitFor();
  await finish.getByRole('button', { name: 'Finish it now' }).click();
  await page.getByText('This run is over.').waitFor();
  await until(async () => (await viewIn(person))?.outcome !== null, 'the end');
  const rows = page.getByRole('region', { name: 'What happened' }).getByRole('article');
  const [view, texts] = [await viewIn(person), await rows.allTextContents()];
  await page.reload();
  await page.getByText('This run is over.').waitFor();
  // What is far from what one sees is drawn a little later.
  await vi.waitFor(async () => expect(await rows.allTextContents()).toEqual(texts), { timeout: 30_000 });
  expect(await viewIn(person)).toEqual(view);
  expect(view).toEqual(await viewOf(place, run));

  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the run as Markdown' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe(`${run}.md`);
  const told = readFileSync(await download.path(), 'utf8');
  for (const text of ['touch made', 'Mind the gap.', 'Three.', 'Second.']) expect(told).toContain(text);

  await page.getByRole('link', { name: 'The same again, changed' }).click();
  await page.getByRole('heading', { name: 'Same again, changed' }).waitFor();
  const prompt = page.getByLabel('What should Codex do?');
  await until(async () => (await prompt.inputValue()).includes(FOR_EVER), 'the prompt of the run');
  await prompt.fill('!say Changed.');
  await page.locator('summary', { hasText: 'More' }).click();
  await page.getByRole('radio', { name: 'With its first turn' }).check();
  await page.getByRole('button', { name: 'Launch' }).click();
  await page.getByText('Changed.', { exact: true }).waitFor();
  await page.getByText('This run is over.').waitFor();
  const { definition } = await ask<{ definition: { config: object } }>(place, `/api/runs/${runOf(person)}`);
  const provider = { baseUrl: place.model.url };
  const workspace = { directory: place.workspace };
  expect(definition.config).toMatchObject({ instructions: '!say Changed.', model: 'scripted', provider, workspace });

  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  const links = page.getByRole('table').getByRole('link');
  await until(async () => (await links.count()) === 2, 'two runs');
  await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
  await page.getByRole('button', { name: 'Delete 2' }).click();
  await until(async () => (await links.count()) === 0, 'no run');
  await page.getByRole('button', { name: 'Undo' }).click();
  await until(async () => (await links.count()) === 2, 'two runs once more');
  await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
  await page.getByRole('button', { name: 'Delete 2' }).click();
  await page.getByRole('region', { name: 'What was done' }).getByRole('button', { name: 'Close' }).click();
  await until(async () => (await ask<{ runs: unknown[] }>(place, '/api/runs')).runs.length === 0, 'no run for good');
});
