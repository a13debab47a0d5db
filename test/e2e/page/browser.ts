import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { ServedPlace } from '../server/served.ts';

/** Debian's, which is started without a sandbox of its own, and without what would ask the network. */
const OPTIONS = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
};

let browser: Promise<Browser> | undefined;

/** One for all tests of a file. */
function theBrowser(): Promise<Browser> {
  browser ??= chromium.launch(OPTIONS);
  return browser;
}

export interface Person {
  readonly page: Page;
  goTo(path: string): Promise<void>;
}

/** Somebody with a browser of their own, who is let in at this address; what goes wrong in the page fails the test. */
export async function open(
  place: ServedPlace,
  url: string = place.url,
  options: BrowserContextOptions = {},
): Promise<Person> {
  const context = await (await theBrowser()).newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // That a request has failed is for the page to tell.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    expect(complaints, 'what the page has complained of').toEqual([]);
  });
  const goTo = async (path: string) => void (await page.goto(url + path));
  const headers = { authorization: `Bearer ${place.token}` };
  const link = (await (await fetch(`${place.url}/api/links`, { method: 'POST', headers })).json()) as { code: string };
  // The page shows its frame before: who goes on elsewhere then takes the answer away from it.
  const letIn = page.waitForResponse((response) => new URL(response.url()).pathname.endsWith('/api/session'));
  await goTo(`/#login=${link.code}`);
  expect((await letIn).status(), 'of the login').toBe(201);
  await page.getByRole('link', { name: 'New run' }).waitFor();
  return { page, goTo };
}
