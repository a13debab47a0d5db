import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { startChromium } from '../../support/chromium.ts';
import { until } from '../../support/processes.ts';
import type { ServedPlace } from '../server/served.ts';

let browser: Promise<Browser> | undefined;

/** One for all tests of a file. */
function theBrowser(): Promise<Browser> {
  browser ??= startChromium();
  return browser;
}

export interface Person {
  readonly page: Page;
  goTo(path: string): Promise<void>;
}

export interface OpenOptions extends BrowserContextOptions {
  /** What one comes in with by hand; without it by a link that the server has printed. */
  readonly token?: string;
}

/** Somebody with a browser of their own, who is let in at this address; what goes wrong in the page fails the test. */
export async function open(
  place: ServedPlace,
  url: string = place.url,
  { token, ...options }: OpenOptions = {},
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
  if (token === undefined) {
    const headers = { authorization: `Bearer ${place.token}` };
    const answer = await fetch(`${place.url}/api/links`, { method: 'POST', headers });
    await goTo(`/#login=${((await answer.json()) as { readonly code: string }).code}`);
  } else {
    await goTo('/');
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Log in' }).click();
  }
  // The frame is there before one is let in, and whoever goes elsewhere then has used up the link for nothing.
  await until(() => page.evaluate(isLetIn), 'a page that is let in');
  return { page, goTo };
}

function isLetIn(): boolean {
  const { optioCodex } = globalThis as unknown as { optioCodex: { feed: { status: { value: string } } } };
  return optioCodex.feed.status.value === 'live';
}
