import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/contract/event.ts';
import { applyEvent } from '../../../src/contract/reducer.ts';
import { createRunView, openRequests, type RunView } from '../../../src/contract/view.ts';
import { escalate, say, shell } from '../../../src/testing/index.ts';
import { until } from '../../support/processes.ts';
import { type ServedPlace, servePlace } from '../server/served.ts';
import { open, type Person } from './browser.ts';
import { type Network, startNetwork } from './network.ts';

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
  'a command': (view) =>
    itemsOf(view).some(({ item, isOpen }) => isOpen && item.kind === 'command' && item.output !== ''),
  'an approval': (view) => openRequests(view).length > 0,
};

function itemsOf(view: RunView) {
  return Object.values(view.turns).flatMap((turn) => Object.values(turn.items));
}

/** What the page knows of the run that is open. */
async function viewIn({ page }: Person): Promise<RunView | undefined> {
  return page.evaluate(() => {
    const { feed } = (globalThis as unknown as { optioCodex: { feed: { journal?: { view: RunView } } } }).optioCodex;
    return feed.journal?.view;
  });
}

async function ask(place: ServedPlace, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${place.token}`, 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(place.url + path, { headers: { ...headers, 'idempotency-key': 'once' }, ...sent });
  const text = await answer.text();
  expect([path, answer.status], text).toEqual([path, expect.toSatisfy((status: number) => status < 300)]);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

describe.each(Object.keys(MOMENTS))('the transcript, in the middle of %s', (moment) => {
  it.each(Object.keys(DISTURBANCES))('is the same after %s', async (disturbance) => {
    const network = await startNetwork();
    const place = await servePlace(() => SCRIPT, ['--allow-host', `127.0.0.1:${network.port}`]);
    network.leadTo(Number(new URL(place.url).port));
    const person = await open(place, `http://127.0.0.1:${network.port}`);
    const spec = {
      instructions: 'Do it.',
      workspace: { directory: place.workspace },
      provider: { baseUrl: place.model.url },
      model: 'scripted',
      permissionGate: true,
    };
    const { id } = await ask(place, '/api/runs', { spec });
    await person.goTo(`/runs/${id}`);
    await until(async () => {
      const view = await viewIn(person);
      return view !== undefined && (MOMENTS[moment]?.(view) ?? false);
    }, moment);
    await DISTURBANCES[disturbance]?.(person, place, network);
    await until(async () => openRequests((await viewIn(person)) ?? createRunView()).length === 1, 'the request');
    const [request] = openRequests((await viewIn(person)) ?? createRunView());
    await ask(place, `/api/runs/${id}/requests/${request?.id}/answer`, {
      answer: { kind: 'decision', behavior: 'allow' },
    });
    await until(async () => (await viewIn(person))?.outcome !== null, 'the end');
    const { events } = (await ask(place, `/api/runs/${id}/journal?limit=5000`)) as { events: RunEvent[] };
    const whole = events.reduce(applyEvent, createRunView());
    expect(whole.outcome?.text).toBe('All of it is done.');
    expect(await viewIn(person)).toEqual(whole);
  });
});
