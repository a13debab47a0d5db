import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type StartedIdentity, startIdentity } from '../../support/identity.ts';
import { type ServedPlace, servePlace } from '../server/served.ts';

/** A server whose codex comes to a fake provider of logins in the place of OpenAI. */
export async function seedPage(): Promise<StartedIdentity & { readonly place: ServedPlace }> {
  const started = await startIdentity();
  return { ...started, place: await servePlace(undefined, [], undefined, started.env) };
}

/** Keeps all that a page is told by the server, to be searched for what it must not be told. */
export function listen(page: Page): () => Promise<string> {
  const told: Promise<string>[] = [];
  page.on('response', (response) => {
    // The one that never ends is the connection of the page.
    if (/\/api\/(seed|server|runs\?)/.test(response.url())) told.push(response.text().catch(() => ''));
  });
  return async () => {
    const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
    const typed = await page
      .locator('input')
      .evaluateAll((inputs) => inputs.map((input) => (input as unknown as { readonly value: string }).value));
    return [...(await Promise.all(told)), await page.content(), kept, ...typed].join('\n');
  };
}

/** Of all that the provider has ever issued, and of what else is secret. */
export function expectNoSecret(told: string, { identity }: StartedIdentity, ...more: readonly string[]): void {
  const secrets = [...identity.ledger.secrets, ...more];
  expect(secrets.length).toBeGreaterThan(0);
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
}

/** What the page shows of a seed. */
export function row(page: Page, name: string): Locator {
  return page.getByRole('article', { name, exact: true });
}
