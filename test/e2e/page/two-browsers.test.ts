import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '../../support/processes.ts';
import { type ServedPlace, servePlace } from '../server/served.ts';
import { open, type Person } from './browser.ts';
import { ask, launch, outcomeOf, viewOf } from './runs.ts';

/** Whoever has the token of the data directory, and somebody with a token of her own; each with a browser, before a run. */
async function two(place: ServedPlace, run: string): Promise<readonly [Person, Person]> {
  const { secret } = await ask<{ secret: string }>(place, '/api/tokens', { name: 'Ada', role: 'operator' });
  const [owner, ada] = [await open(place), await open(place, place.url, { token: secret })];
  for (const { goTo, page } of [owner, ada]) {
    await goTo(`/runs/${run}`);
    await page.getByRole('button', { name: ALLOW }).waitFor();
  }
  return [owner, ada];
}

const [ALLOW, DENY] = [/^Allow a$/, /^Deny d$/];

it('shows to one person at once what another one has answered', async () => {
  const place = await servePlace(undefined);
  const run = await launch(place, '!escalate touch one\n!escalate touch two\n!say done');
  const [owner, ada] = await two(place, run);
  await ada.page.getByRole('button', { name: ALLOW }).click();
  for (const { page } of [owner, ada]) {
    await page.getByText('Allowed by Ada.').waitFor();
    const open = page.getByRole('article').and(page.locator('[data-open=true]'));
    await open.filter({ hasText: 'touch two' }).waitFor();
    expect(await open.count()).toBe(1);
  }
  await owner.page.getByRole('button', { name: DENY }).click();
  for (const { page } of [owner, ada]) {
    await page.getByText('Denied by owner.').waitFor();
    expect(await page.getByRole('button', { name: ALLOW }).count()).toBe(0);
  }
  await outcomeOf(place, run);
  expect(['one', 'two'].filter((name) => existsSync(join(place.workspace, name)))).toEqual(['one']);
});

it('takes one of two answers that are given at once, and tells the other person whose', async () => {
  const place = await servePlace(undefined);
  const run = await launch(place, '!escalate touch made\n!say done');
  const [owner, ada] = await two(place, run);
  // Both have pressed before either answer is on its way.
  const pressed = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  for (const [at, { page }] of [owner, ada].entries()) {
    await page.route('**/answer', async (route) => {
      pressed[at]?.resolve();
      await Promise.all(pressed.map(({ promise }) => promise));
      await route.continue();
    });
  }
  await Promise.all([
    owner.page.getByRole('button', { name: ALLOW }).click(),
    ada.page.getByRole('button', { name: DENY }).click(),
  ]);
  await outcomeOf(place, run);
  const [request] = Object.values((await viewOf(place, run)).requests);
  const isOwners = request?.by === 'owner';
  expect(request?.answer).toEqual({ kind: 'decision', behavior: isOwners ? 'allow' : 'deny' });
  expect(existsSync(join(place.workspace, 'made'))).toBe(isOwners);
  const [holds, late] = isOwners ? [owner, ada] : [ada, owner];
  const what = isOwners ? 'was answered with "allow" by owner' : 'was answered with "deny" by Ada';
  const told = late.page.getByRole('alert').filter({ hasText: 'Your answer came too late' });
  await told.filter({ hasText: what }).waitFor();
  await told.filter({ hasText: 'The first answer holds.' }).waitFor();
  for (const { page } of [owner, ada]) {
    await page.getByText(isOwners ? 'Allowed by owner.' : 'Denied by Ada.').waitFor();
    await until(async () => (await page.getByRole('button', { name: ALLOW }).count()) === 0, 'buttons that are gone');
  }
  expect(await holds.page.getByRole('alert').count()).toBe(0);
});

it('offers a viewer nothing that the server would refuse', async () => {
  const place = await servePlace(undefined);
  await ask(
    place,
    '/api/tasks/nightly',
    { id: 'nightly', name: 'Nightly', config: { instructions: 'Hello', workspace: { fresh: true } } },
    'PUT',
  );
  const run = await launch(place, '!escalate touch made\n!say done', {
    name: 'Watched',
  });
  const over = await launch(place, '!say done', { name: 'Over', endRule: 'firstTurn' });
  await outcomeOf(place, over);
  const { secret } = await ask<{ secret: string }>(place, '/api/tokens', { name: 'Vera', role: 'viewer' });
  const [owner, vera] = [await open(place), await open(place, place.url, { token: secret })];
  const link =
    (name: string) =>
    ({ page }: Person) =>
      page.getByRole('link', { name });
  const button =
    (name: string | RegExp) =>
    ({ page }: Person) =>
      page.getByRole('button', { name, disabled: false });
  const menuButton = button(/^What to do with/);
  /** The owner is offered it all, at the same place, so that it is looked for in the right way. */
  const isForOwnerOnly = async (address: string, sign: string, ...offered: ((who: Person) => Locator)[]) => {
    for (const who of [owner, vera]) {
      await who.goTo(address);
      await who.page.getByText(sign, { exact: true }).first().waitFor();
    }
    // From here on nothing is to come that she may not do.
    await vera.page.getByText('Connected, to look only').waitFor();
    for (const one of offered) {
      await one(owner).first().waitFor();
      expect(await one(vera).count(), `${one(vera)}`).toBe(0);
    }
  };
  const newRun = link('New run');
  const box = ({ page }: Person) => page.getByRole('checkbox', { name: 'Select Watched', disabled: false });
  await isForOwnerOnly('/', 'Watched', newRun, menuButton, box);
  const card = [button(ALLOW), button(DENY), button('Say why not …')];
  await isForOwnerOnly('/requests', 'May this command run?', ...card);
  const message = ({ page }: Person) => page.getByLabel('Message', { exact: true });
  const acts = ['Pause', 'Finish', 'More to do with this run', 'Add files', /^Model and effort/].map(button);
  await isForOwnerOnly(`/runs/${run}`, 'May this command run?', ...card, message, ...acts);
  await vera.page.keyboard.press('a');
  for (const { page } of [owner, vera]) await page.getByRole('tab', { name: 'Files' }).click();
  await button('Upload')(owner).waitFor();
  await button('Download all')(vera).waitFor();
  expect(await button('Upload')(vera).count()).toBe(0);
  for (const { page } of [owner, vera]) {
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: 'Settings' }).waitFor();
  }
  for (const name of ['Pause', 'New run']) {
    await owner.page.getByRole('option', { name }).waitFor();
    expect([name, await vera.page.getByRole('option', { name }).count()]).toEqual([name, 0]);
  }
  await isForOwnerOnly(`/runs/${over}`, 'Over', button('Run it again'), link('The same again, changed'));
  await isForOwnerOnly('/tasks/nightly', 'Nightly', button('Launch'), button('Pause'), button('Remove'));
  await vera.page.getByText('Your role, viewer, may look only.').waitFor();
});
