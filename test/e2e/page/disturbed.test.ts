import { describe, expect, it } from 'vitest';
import { openRequests, type RunView } from '../../../src/contract/view.ts';
import { escalate, say, shell } from '../../../src/testing/index.ts';
import { until } from '../../support/processes.ts';
import { type ServedPlace, servePlace } from '../server/served.ts';
import { open, type Person } from './browser.ts';
import { type Network, startNetwork } from './network.ts';
import { ask, launch, outcomeOf, viewIn, viewOf } from './runs.ts';

const TEXT = 'Each of these words comes by itself, so that there is a middle of them. '.repeat(6);
const SCRIPT = [
  say(TEXT, { chunk: 6, everyMs: 25 }),
  shell('for i in 1 2 3 4 5 6 7 8; do echo step $i; sleep 0.3; done'),
  escalate('touch made'),
  say('All of it is done.'),
];

/** What goes wrong, and is well again. */
const DISTURBANCES: Readonly<Record<string, (person: Person, place: ServedPlace, network: Network) => Promise<void>>> =
  {
    'a reload': async ({ page }) => void (await page.reload()),
    'a restart of the server': async (_person, place) => place.restart(),
    async 'a lost network'({ page }, _place, network) {
      network.cut();
      await page.getByText('The server does not answer').waitFor();
      network.mend();
    },
  };

/** In the middle of what. */
const MOMENTS: Readonly<Record<string, (view: RunView) => boolean>> = {
  'a text': (view) =>
    itemsOf(view).some(({ item, isOpen }) => isOpen && item.kind === 'agentMessage' && item.text !== ''),
  'a command': (view) => itemsOf(view).some(({ item, isOpen }) => isOpen && item.kind === 'command'),
  'an approval': (view) => openRequests(view).length > 0,
};

function itemsOf(view: RunView) {
  return Object.values(view.turns).flatMap((turn) => Object.values(turn.items));
}

describe.each(Object.keys(MOMENTS))('the transcript, in the middle of %s', (moment) => {
  it.each(Object.keys(DISTURBANCES))('is the same after %s', { timeout: 180_000 }, async (disturbance) => {
    const network = await startNetwork();
    const place = await servePlace(SCRIPT, ['--allow-host', `127.0.0.1:${network.port}`]);
    network.leadTo(Number(new URL(place.url).port));
    undisturbed ??= await alone(place);
    const person = await open(place, `http://127.0.0.1:${network.port}`);
    const run = await launch(place, 'Do it.', { workspace: { fresh: true } });
    await person.goTo(`/runs/${run}`);
    await until(async () => {
      const view = await viewIn(person);
      return view !== undefined && (MOMENTS[moment]?.(view) ?? false);
    }, moment);
    await DISTURBANCES[disturbance]?.(person, place, network);
    await until(async () => {
      const view = await viewIn(person);
      await allow(place, run, view);
      return view !== undefined && view.outcome !== null;
    }, 'the end');
    const told = await viewOf(place, run);
    expect(await viewIn(person)).toEqual(told);
    expect(shorn(place, told)).toEqual(undisturbed);
  });
});

/** What such a run comes to where nothing goes wrong; the same for all tests of this file. */
let undisturbed: unknown;

async function alone(place: ServedPlace): Promise<unknown> {
  const run = await launch(place, 'Do it.', { workspace: { fresh: true } });
  await until(async () => {
    const view = await viewOf(place, run);
    await allow(place, run, view);
    return view.outcome !== null;
  }, 'the end of a run that nothing disturbs');
  expect(await outcomeOf(place, run)).toMatchObject({ status: 'done', text: 'All of it is done.' });
  return shorn(place, await viewOf(place, run));
}

async function allow(place: ServedPlace, run: string, view: RunView | undefined): Promise<void> {
  const answer = { kind: 'decision', behavior: 'allow' };
  for (const { id } of view ? openRequests(view) : [])
    await ask(place, `/api/runs/${run}/requests/${id}/answer`, { answer });
}

/** What is another one in each run: names that somebody gives, times, and how many events it took to tell of it. */
const OWN = /^(id|seq|.*(Id|At|Ms|Since|Order))$/;

/** What two runs of the same script have in common: all texts, states and numbers, in their order. */
function shorn(place: ServedPlace, view: RunView): unknown {
  const names = { [view.session?.workspace.path ?? place.workspace]: 'WORKSPACE', [place.model.url]: 'MODEL' };
  const shear = (value: unknown): unknown => {
    if (typeof value === 'string')
      return Object.entries(names).reduce((text, [name, word]) => text.replaceAll(name, word), value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(shear);
    const told = Object.entries(value).flatMap(([name, each]) =>
      OWN.test(name) ? [] : [[name, shear(each)] as const],
    );
    // What goes by ids stands in the order in which it came.
    const isById = told.length > 0 && told.every(([name]) => /[\d_-]/.test(name));
    return isById ? told.map(([, each]) => each) : Object.fromEntries(told);
  };
  return shear(view);
}
