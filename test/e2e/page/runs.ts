import { expect } from 'vitest';
import type { LaunchOptions } from '../../../src/contract/api.ts';
import type { RunEvent, RunEventOf } from '../../../src/contract/event.ts';
import { applyEvent } from '../../../src/contract/reducer.ts';
import type { RunSpec } from '../../../src/contract/run-spec.ts';
import { createRunView, type RunView } from '../../../src/contract/view.ts';
import { until } from '../../support/processes.ts';
import type { ServedPlace } from '../server/served.ts';
import type { Person } from './browser.ts';

/** Asks the server as a program would that has the token of its data directory. */
export async function ask<T = Record<string, unknown>>(
  place: ServedPlace,
  path: string,
  body?: unknown,
  method = 'POST',
): Promise<T> {
  const headers = { authorization: `Bearer ${place.token}`, 'content-type': 'application/json' };
  const key = { 'idempotency-key': crypto.randomUUID() };
  const sent = body === undefined ? {} : { method, body: JSON.stringify(body) };
  const answer = await fetch(place.url + path, { headers: { ...headers, ...key }, ...sent });
  const text = await answer.text();
  expect([path, answer.status], text).toEqual([path, expect.toSatisfy((status: number) => status < 300)]);
  return (text === '' ? {} : JSON.parse(text)) as T;
}

/** What a run of the scripted model is made of, with somebody there to approve. */
export function scripted(place: ServedPlace, instructions: string, more: Partial<RunSpec> = {}): RunSpec {
  const provider = { baseUrl: place.model.url };
  return {
    instructions,
    workspace: { directory: place.workspace, shared: true },
    provider,
    model: 'scripted',
    permissionGate: true,
    ...more,
  };
}

/** Launches such a run; resolves with its id. */
export async function launch(
  place: ServedPlace,
  instructions: string,
  { name, budget, ...more }: Partial<RunSpec> & Pick<LaunchOptions, 'name' | 'budget'> = {},
): Promise<string> {
  const body = { spec: scripted(place, instructions, more), options: { name, budget } };
  return (await ask<{ readonly id: string }>(place, '/api/runs', body)).id;
}

/** What the page knows of the run that is open; undefined while none is. */
export function viewIn({ page }: Person): Promise<RunView | undefined> {
  return page.evaluate(() => {
    const { feed } = (globalThis as unknown as { optioCodex: { feed: { journal?: { view: RunView } } } }).optioCodex;
    return feed.journal?.view;
  });
}

/** What the journal says, from its first event on. */
async function journalOf(place: ServedPlace, run: string): Promise<readonly RunEvent[]> {
  return (await ask<{ readonly events: RunEvent[] }>(place, `/api/runs/${run}/journal?limit=5000`)).events;
}

export async function viewOf(place: ServedPlace, run: string): Promise<RunView> {
  return (await journalOf(place, run)).reduce(applyEvent, createRunView());
}

/** Waits until the run has ended, and says how. */
export async function outcomeOf(place: ServedPlace, run: string): Promise<RunEventOf<'run.ended'>['outcome']> {
  let view = createRunView();
  await until(async () => {
    view = await viewOf(place, run);
    return view.outcome !== null;
  }, `the end of run ${run}`);
  if (!view.outcome) throw new Error('a run that has ended has an outcome');
  return view.outcome;
}
