import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { png } from '../../support/picture.ts';
import { until } from '../../support/processes.ts';
import { readZip } from '../../support/zip.ts';
import { type ServedPlace, servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { startNetwork } from './network.ts';
import { ask, scripted } from './runs.ts';

const PICTURE = png(40, 30);

/** A run that waits for messages, open in a browser. */
async function openRun(place: ServedPlace): Promise<Page> {
  const headers = { authorization: `Bearer ${place.token}`, 'content-type': 'application/json' };
  const spec = {
    instructions: '',
    autoStart: false,
    endRule: 'told',
    workspace: { directory: place.workspace },
    provider: { baseUrl: place.model.url },
    model: 'scripted',
  };
  const response = await fetch(`${place.url}/api/runs`, {
    method: 'POST',
    headers: { ...headers, 'idempotency-key': 'files' },
    body: JSON.stringify({ spec }),
  });
  const { id } = (await response.json()) as { readonly id: string };
  const workspace = () => fetch(`${place.url}/api/runs/${id}/files`, { headers });
  await until(async () => (await workspace()).ok, 'its workspace');
  const { page, goTo } = await open(place);
  await goTo(`/runs/${id}`);
  await page.getByRole('button', { name: 'Send' }).waitFor();
  return page;
}

/** Leads to the files of the run that is open, whether a panel stands beside it or not. */
async function showFiles(page: Page): Promise<void> {
  const tab = page.getByRole('tab', { name: 'Files' });
  await page
    .getByRole('button', { name: /^Show changes/ })
    .or(tab)
    .first()
    .click();
  await tab.click();
}

/** What of a browser is used within it. */
interface Dom {
  readonly DataTransfer: new () => { readonly items: { add(file: File): void } };
  readonly ClipboardEvent: new (type: string, init: object) => Event;
  readonly DragEvent: new (type: string, init: object) => Event;
}

/** Files as somebody brings them who drags or copies them from elsewhere. */
async function bring(page: Page, how: 'drop' | 'paste', files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const brought = Object.entries(files).map(([name, bytes]) => ({
    name,
    base64: Buffer.from(bytes).toString('base64'),
  }));
  await page.getByRole('textbox', { name: /message/i }).evaluate(
    (element, [kind, given]) => {
      const dom = globalThis as unknown as Dom;
      const transfer = new dom.DataTransfer();
      for (const { name, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
      }
      const options = { bubbles: true, cancelable: true };
      if (kind === 'paste')
        element.dispatchEvent(new dom.ClipboardEvent('paste', { ...options, clipboardData: transfer }));
      else
        for (const type of ['dragenter', 'dragover', 'drop'])
          element.dispatchEvent(new dom.DragEvent(type, { ...options, dataTransfer: transfer }));
    },
    [how, brought] as const,
  );
}

/** What the model was asked with last: its pictures, and its texts. */
function lastMessage({ model }: ServedPlace): { readonly pictures: number; readonly text: string } {
  const input = (model.requests.at(-1)?.body.input ?? []) as {
    role?: string;
    content: { type: string; text?: string }[];
  }[];
  const content = input.findLast(({ role }) => role === 'user')?.content ?? [];
  return {
    pictures: content.filter(({ type }) => type === 'input_image').length,
    text: content.flatMap(({ text }) => text ?? []).join('\n'),
  };
}

async function asked({ model }: ServedPlace, times: number): Promise<void> {
  await until(() => model.requests.length === times, `request ${times} to the model`);
}

it('takes files that are dropped, pasted and chosen: pictures go in as such, alone too, and all else by its path', {
  timeout: 180_000,
}, async () => {
  const place = await servePlace(undefined);
  const page = await openRun(place);
  await bring(page, 'drop', { 'shot.png': PICTURE, 'notes.txt': Buffer.from('notes') });
  const files = page.getByRole('list', { name: 'Files for this message' });
  await files.getByText('uploads/shot.png').waitFor();
  await files.getByText('uploads/notes.txt').waitFor();
  expect(await files.getByRole('presentation', { includeHidden: true }).count(), 'thumbnails').toBe(1);
  expect(readFileSync(join(place.workspace, 'uploads', 'shot.png')).equals(PICTURE)).toBe(true);
  await page.getByRole('textbox', { name: /message/i }).fill('Look at these');
  await page.getByRole('button', { name: 'Send' }).click();
  await asked(place, 1);
  expect(lastMessage(place)).toMatchObject({ pictures: 1, text: expect.stringContaining('- uploads/notes.txt') });
  expect(lastMessage(place).text).not.toContain('- uploads/shot.png');

  const shown = page.getByRole('button', { name: 'Picture uploads/shot.png, enlarge' });
  await shown.click();
  const large = page.getByRole('dialog', { name: 'uploads/shot.png' }).getByRole('img');
  expect(await large.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)).toBe(40);
  await page.keyboard.press('Escape');

  await bring(page, 'paste', { 'shot.png': PICTURE });
  await files.getByText('uploads/shot-2.png').waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await asked(place, 2);
  expect(lastMessage(place).pictures).toBe(1);
  expect(lastMessage(place).text).not.toMatch(/A file for you/);

  const chosen = [
    {
      name: 'drawing.svg',
      mimeType: 'image/svg+xml',
      buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    },
    { name: 'fake.png', mimeType: 'image/png', buffer: Buffer.from('<script>') },
  ];
  await page.locator('form input[type=file]').setInputFiles(chosen);
  await files.getByText('uploads/fake.png').waitFor();
  await files.getByText('uploads/drawing.svg').waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await asked(place, 3);
  expect(lastMessage(place)).toMatchObject({ pictures: 0, text: expect.stringContaining('- uploads/drawing.svg') });
  await page.reload();
  await shown.waitFor();
  expect(await page.locator('img[src^="blob:"]').count()).toBe(2);
});

it('completes paths of the workspace after an @', { timeout: 180_000 }, async () => {
  const place = await servePlace(undefined);
  mkdirSync(join(place.workspace, 'source'));
  writeFileSync(join(place.workspace, 'source', 'index.ts'), '');
  writeFileSync(join(place.workspace, 'other.ts'), '');
  const page = await openRun(place);
  const box = page.getByRole('textbox', { name: /message/i }).or(page.getByRole('combobox', { name: /message/i }));
  await box.pressSequentially('Look at @so');
  await page.getByRole('option', { name: /source/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: /index\.ts/ }).waitFor();
  await page.keyboard.press('Enter');
  expect(await box.inputValue()).toContain('source/index.ts');
  expect(place.model.requests, 'Enter has chosen, and sent nothing').toHaveLength(0);
});

it('takes several files into a workspace, and gives all of it as a zip', { timeout: 180_000 }, async () => {
  const place = await servePlace(undefined);
  writeFileSync(join(place.workspace, 'mine.txt'), 'mine');
  const page = await openRun(place);
  await showFiles(page);
  const panel = page.getByRole('region', { name: 'Files', exact: true });
  const three = ['a.txt', 'b.txt', 'c.png'].map((name) => ({
    name,
    mimeType: 'text/plain',
    buffer: Buffer.from(name),
  }));
  await panel.locator('input[type=file]').setInputFiles(three);
  const told = panel.getByText('3 files are there now.');
  await told.waitFor();
  const [upload, message] = [
    await panel.getByRole('button', { name: 'Upload' }).boundingBox(),
    await told.boundingBox(),
  ];
  expect(message?.y, 'where the message stands').toBeGreaterThanOrEqual((upload?.y ?? 0) + (upload?.height ?? 0));
  await panel.getByRole('button', { name: 'Close the message' }).click();
  await told.waitFor({ state: 'detached' });
  for (const { name } of three) {
    await panel.getByRole('treeitem', { name }).waitFor();
    expect(readFileSync(join(place.workspace, name), 'utf8')).toBe(name);
  }
  await page.getByRole('textbox', { name: /message/i }).fill('!write made.txt by codex\n!say Made.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Made.', { exact: true }).waitFor();
  await panel.getByRole('button', { name: 'Look again' }).click();
  await panel.getByRole('treeitem', { name: /made\.txt.*changed/ }).waitFor();
  expect(await panel.getByText('changed', { exact: true }).count(), 'what codex has changed').toBe(1);
  const coming = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Download all' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^run-\w+\.zip$/);
  const content = readZip(readFileSync(await download.path()));
  expect(Object.keys(content).sort()).toEqual(['a.txt', 'b.txt', 'c.png', 'made.txt', 'mine.txt']);
  expect(content['mine.txt']?.content.toString()).toBe('mine');
});

it('shows a directory of 5,000 files, and moves in it by keys', { timeout: 180_000 }, async () => {
  const place = await servePlace(undefined);
  mkdirSync(join(place.workspace, 'many'));
  for (let at = 0; at < 5_000; at++) writeFileSync(join(place.workspace, 'many', `file-${at}.txt`), `${at}`);
  const page = await openRun(place);
  await showFiles(page);
  await page.getByRole('treeitem', { name: 'many' }).click();
  await page.getByRole('treeitem', { name: 'file-0.txt' }).waitFor();
  await page.keyboard.press('End');
  const last = page.getByRole('treeitem', { name: 'file-4999.txt' });
  await last.waitFor();
  expect(await last.getAttribute('aria-setsize')).toBe('5000');
  expect(await page.getByRole('treeitem').count(), 'what is drawn of it').toBeLessThan(200);
  await page.locator('[data-path="many/file-4999.txt"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'many/file-4999.txt' }).getByText('4999', { exact: true }).waitFor();
});

it('shows a workspace as soon as there is one, and anew once the server can be asked again', {
  timeout: 180_000,
}, async () => {
  const network = await startNetwork();
  const place = await servePlace(undefined, ['--allow-host', `127.0.0.1:${network.port}`]);
  network.leadTo(Number(new URL(place.url).port));
  writeFileSync(join(place.workspace, 'early.txt'), '');
  const config = scripted(place, '', { autoStart: false, endRule: 'told' });
  await ask(place, '/api/tasks/one', { id: 'one', config, maxRunning: 1 }, 'PUT');
  const begin = () => ask<{ readonly id: string }>(place, '/api/tasks/one/launch', {});
  const [first, second] = [await begin(), await begin()];
  const { page, goTo } = await open(place, `http://127.0.0.1:${network.port}`);
  await goTo(`/runs/${second.id}`);
  await showFiles(page);
  await page.getByText(/has no workspace yet/).waitFor();
  await ask(place, `/api/runs/${first.id}/cancel`, {});
  await page.getByRole('treeitem', { name: 'early.txt' }).waitFor();

  network.cut();
  await page.getByText('The server does not answer').waitFor();
  writeFileSync(join(place.workspace, 'late.txt'), '');
  network.mend();
  await page.getByRole('treeitem', { name: 'late.txt' }).waitFor();
});
