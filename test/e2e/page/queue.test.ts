import { expect, it } from 'vitest';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open, type Person } from './browser.ts';
import { ask, launch, outcomeOf, viewIn, viewOf } from './runs.ts';

const FOR_EVER = '!hang'; // a command would be ended by Codex after some seconds
const waitingIn = ({ page }: Person) => page.getByRole('region', { name: 'Messages that wait' });

async function lists(person: Person, ...texts: readonly string[]): Promise<void> {
  const items = waitingIn(person).getByRole('list').first().getByRole('listitem');
  const shown = async () => (await items.allTextContents()).map((text) => text.replace('Held: let it go', ' (held)'));
  await until(async () => (await shown()).join() === texts.join(), `a queue of ${texts.join()}`);
}

async function say({ page }: Person, text: string, button: 'Queue' | 'Send' = 'Queue'): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByRole('button', { name: button, exact: true }).click();
}

it('shows the same queue in two browsers, whoever changes it, and holds it after an interrupt', {
  timeout: 180_000,
}, async () => {
  const place = await servePlace(undefined);
  const run = await launch(place, FOR_EVER);
  const { secret } = await ask<{ secret: string }>(place, '/api/tokens', { name: 'Ada', role: 'operator' });
  const [owner, ada] = [await open(place), await open(place, place.url, { token: secret })];
  for (const { goTo, page } of [owner, ada]) {
    await goTo(`/runs/${run}`);
    await page.getByRole('button', { name: 'Interrupt' }).waitFor();
  }
  const both = async (...texts: readonly string[]) => {
    for (const person of [owner, ada]) await lists(person, ...texts);
  };
  await say(owner, '!say One.');
  await say(ada, '!say Two.');
  await both('!say One.', '!say Two.');
  await say(owner, '!say Three.');
  await both('!say One.', '!say Two.', '!say Three.');
  await waitingIn(ada).getByRole('button', { name: 'Earlier: !say Three.' }).click();
  await waitingIn(owner).getByRole('button', { name: 'Remove: !say One.' }).click();
  await both('!say Three.', '!say Two.');

  // Whoever changes messages holds them, each with a draft of its own; anybody may let one go.
  await waitingIn(ada).getByRole('button', { name: 'Change: !say Two.' }).click();
  await lists(owner, '!say Three.', '!say Two. (held)');
  await waitingIn(ada).getByLabel('Change the message').fill('!say A draft.');
  await waitingIn(ada).getByRole('button', { name: 'Change: !say Three.' }).click();
  await lists(owner, '!say Three. (held)', '!say Two. (held)');
  await waitingIn(owner).getByText('The first is held: nothing is sent until somebody lets it go.').waitFor();
  const drafts = waitingIn(ada).getByLabel('Change the message');
  expect([await drafts.nth(0).inputValue(), await drafts.nth(1).inputValue()]).toEqual([
    '!say Three.',
    '!say A draft.',
  ]);
  await waitingIn(owner).getByRole('button', { name: 'Held: let it go' }).first().click();
  await lists(owner, '!say Three.', '!say Two. (held)');
  // Where she goes elsewhere, or leaves the page, nothing of it stays held.
  await ada.page.getByRole('link', { name: 'Runs', exact: true }).first().click();
  await lists(owner, '!say Three.', '!say Two.');
  await ada.goTo(`/runs/${run}`);
  await waitingIn(ada).getByRole('button', { name: 'Change: !say Two.' }).click();
  await lists(owner, '!say Three.', '!say Two. (held)');
  await ada.page.goto('about:blank');
  await lists(owner, '!say Three.', '!say Two.');
  await ada.goTo(`/runs/${run}`);
  await both('!say Three.', '!say Two.');

  // Of two who change the same message one is told what the other has made of it.
  for (const person of [ada, owner]) await waitingIn(person).getByRole('button', { name: 'Change: !say Two.' }).click();
  await waitingIn(owner).getByLabel('Change the message').fill('!say Second.');
  await waitingIn(owner).getByRole('button', { name: 'Keep' }).click();
  await waitingIn(ada).getByText('Somebody else has changed it to “!say Second.”.').waitFor();
  await waitingIn(ada).getByRole('button', { name: 'Cancel' }).click();
  await both('!say Three.', '!say Second.');

  await owner.page.getByRole('button', { name: 'Interrupt' }).click();
  for (const person of [owner, ada]) await waitingIn(person).getByText('Held since the interrupt.').waitFor();
  await say(ada, '!say In between.', 'Send');
  await ada.page.getByText('In between.', { exact: true }).waitFor();
  await both('!say Three.', '!say Second.');
  // One of them goes into the next turn at once, the other one waits for nobody any more.
  await waitingIn(ada).getByRole('button', { name: 'Go on sending' }).click();
  for (const text of ['Three.', 'Second.']) await owner.page.getByText(text, { exact: true }).waitFor();
  await until(async () => (await waitingIn(ada).count()) === 0, 'an empty queue');
  const { messages, messageOrder } = await viewOf(place, run);
  expect(messageOrder.slice(1).map((id) => messages[id]?.text)).toEqual([
    '!say In between.',
    '!say Three.',
    '!say Second.',
  ]);
});

it('sends what waits though no browser looks on, and tells afterwards what was never sent', async () => {
  const place = await servePlace(undefined);
  const run = await launch(place, '!escalate touch made\n!say One.', { endRule: 'firstTurn' });
  const person = await open(place);
  await person.goTo(`/runs/${run}`);
  await person.page.getByRole('button', { name: /^Allow a$/ }).waitFor();
  await say(person, '!say Two.');
  await lists(person, '!say Two.');
  await person.goTo('/');
  await person.page.getByText('1 queued', { exact: true }).waitFor();
  await person.page.goto('about:blank');
  const [request] = Object.keys((await viewOf(place, run)).requests);
  await ask(place, `/api/runs/${run}/requests/${request}/answer`, { answer: { kind: 'decision', behavior: 'allow' } });
  expect(await outcomeOf(place, run)).toMatchObject({ status: 'done', text: 'Two.', turns: 2 });

  const other = await launch(place, FOR_EVER);
  await person.goTo(`/runs/${other}`);
  await person.page.getByRole('button', { name: 'Interrupt' }).waitFor();
  await say(person, 'Never sent.');
  await lists(person, 'Never sent.');
  await ask(place, `/api/runs/${other}/finish`, {});
  const unsent = person.page.getByRole('region', { name: 'What was not sent' });
  await unsent.getByText('Never sent.').waitFor();
  await unsent.getByRole('button', { name: /^Copy/ }).waitFor();
});

it('gives to the server what an earlier page has kept in this browser, once', async () => {
  const place = await servePlace(undefined);
  const run = await launch(place, FOR_EVER);
  const person = await open(place);
  const earlier = [
    { id: 'old-1', text: '!say One.', steer: false },
    { id: 'old-2', text: '!say Two.', steer: false, images: [], isHeld: true },
  ];
  const key = `optio-codex.queue.${run}`;
  await person.page.evaluate(
    ([name, value]) => localStorage.setItem(name ?? '', value ?? ''),
    [key, JSON.stringify(earlier)],
  );
  await person.goTo(`/runs/${run}`);
  await lists(person, '!say One.', '!say Two.');
  await until(
    () => person.page.evaluate((name) => localStorage.getItem(name) === null, key),
    'a browser that keeps nothing',
  );
  expect((await viewIn(person))?.queue.map(({ id }) => id)).toEqual(['old-1', 'old-2']);
  await person.page.reload();
  await lists(person, '!say One.', '!say Two.');
});
