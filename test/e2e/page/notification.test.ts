import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch } from './runs.ts';

/** What a browser would show: one without a screen shows nothing. Whether somebody looks at the tab is for the test to say. */
const STUB = `
  globalThis.notified = [];
  globalThis.looksElsewhere = false;
  Object.defineProperty(document, 'hidden', { get: () => globalThis.looksElsewhere });
  globalThis.Notification = class {
    static permission = Notification.permission;
    static requestPermission = async () => this.permission;
    constructor(title, { body, tag }) {
      globalThis.notified.push({ title, body, tag, press: () => this.onclick() });
    }
    close() {}
  };
`;

interface Told {
  readonly title: string;
  readonly body: string;
}

const notified = (page: Page) => page.evaluate<Told[]>('notified.map(({ title, body }) => ({ title, body }))');

it('tells of a request by a notification, once that is turned on and while nobody looks, and leads to its run', {
  timeout: 120_000,
}, async () => {
  const place = await servePlace(undefined);
  const { page, goTo } = await open(place);
  await page.context().grantPermissions(['notifications'], { origin: place.url });
  await page.addInitScript(STUB);
  await goTo('/settings');
  const asks = async (name: string) => {
    const waiting = async () => Number(/^\((\d+)\)/.exec(await page.title())?.[1] ?? 0);
    const before = await waiting();
    const id = await launch(place, '!escalate touch made -- It has to be made.', { name });
    await until(async () => (await waiting()) > before, `a request of ${name}`);
    return id;
  };
  await page.evaluate('looksElsewhere = true');
  await asks('Off');
  expect(await notified(page), 'they are off').toEqual([]);
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByRole('button', { name: 'Turn off' }).waitFor();
  const id = await asks('Away');
  await until(async () => (await notified(page)).length === 1, 'a notification');
  expect(await notified(page)).toEqual([{ title: 'Away', body: expect.stringContaining('touch made') }]);
  await page.evaluate('looksElsewhere = false');
  await asks('Here');
  expect(await notified(page), 'somebody looks').toHaveLength(1);
  await page.evaluate('notified[0].press()');
  await page.waitForURL(`**/runs/${id}`);
  await page.getByRole('heading', { name: 'Away' }).waitFor();
});
