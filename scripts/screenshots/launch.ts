import type { RunHandle, RunOptions } from '../../src/client/index.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import { createRunView, openRequests, type RunView } from '../../src/contract/view.ts';
import type { Place } from './place.ts';

/** Runs to take pictures of, by what one sees in them. */
export interface ShownRuns {
  readonly done: string;
  readonly push: string;
  readonly change: string;
  readonly question: string;
  readonly working: string;
}

/** Launches them all, with the real codex, and resolves once each is where it is to be seen. */
export async function launchRuns({ api, shop, model }: Place): Promise<ShownRuns> {
  const start = (instructions: string, name: string, spec: Partial<RunSpec> = {}, options: RunOptions = {}) =>
    api.run(
      {
        instructions,
        workspace: { worktree: shop },
        provider: { baseUrl: model.url, name: 'Scripted', contextWindow: 200_000 },
        model: 'gpt-5.4',
        reasoningEffort: 'medium',
        autoStart: true,
        endRule: 'firstTurn',
        ...spec,
      },
      { name, ...options },
    );
  await api.addTask({
    id: 'dependencies',
    name: 'Outdated dependencies',
    description: 'Looks each morning which dependencies have a newer version, and updates those that are safe.',
    config: {
      instructions: 'Are any dependencies of {{project}} outdated?',
      workspace: { fresh: true, files: { 'package.json': '{ "name": "shop" }\n' } },
      provider: { baseUrl: model.url, name: 'Scripted' },
      model: 'gpt-5.4',
      autoStart: true,
      endRule: 'firstTurn',
    },
    params: { project: 'shop' },
    schedule: { cron: '0 6 * * 1-5', timeZone: 'Europe/Berlin' },
    budget: { tokens: 200_000 },
  });
  await api.addTask({
    id: 'changelog',
    name: 'Changelog of the week',
    description: 'Writes what has changed since the last release, for people who use the shop.',
    config: {
      instructions: 'Write the changelog.',
      workspace: { worktree: shop },
      provider: { baseUrl: model.url },
      model: 'gpt-5.4',
    },
    schedule: '0 16 * * 5',
  });
  await api.pauseTask('changelog');
  await (await api.launch('dependencies')).outcome;
  await (await start('Write the changelog of this week.', 'Changelog')).outcome;
  const old = await start('Are any greetings missing?', 'Greetings of the shop');
  await old.outcome;
  await old.archive();
  const done = await start(
    'Prices with tax are sometimes a cent too low. Find out why, and mend it.',
    'Prices a cent too low',
    { workspace: { directory: shop } },
  );
  await done.outcome;
  const cancelled = await start('Translate the documents into French.', 'French documents');
  await until(cancelled, hasOutput);
  await cancelled.cancel('Not needed any more');
  await cancelled.outcome;
  const budget = await start(
    'Translate the documents into German.',
    'German documents',
    {},
    { budget: { tokens: 20_000 } },
  );
  await until(budget, ({ state }) => state === 'paused');
  const working = await start(
    'Run the tests of the shop over and over, and tell which of them depends on another.',
    'Flaky tests',
    {
      endRule: 'told',
    },
  );
  await until(working, hasOutput);
  const gate = { permissionGate: true, endRule: 'told' } as const;
  const change = await start('Give the cart a discount in percent.', 'Discounts', {
    ...gate,
    approvalPolicy: 'untrusted',
  });
  const question = await start('Move the shop to a database.', 'Orders in a database', gate);
  const push = await start('Release 2.4: check the branch, and push it with its tag.', 'Release 2.4', gate);
  for (const run of [change, question, push]) await until(run, asks);
  return { done: done.id, push: push.id, change: change.id, question: question.id, working: working.id };
}

/** Resolves once a run has come this far. Throws when it ends before, or when that takes more than a minute. */
export async function until(run: RunHandle, isThere: (view: RunView) => boolean): Promise<void> {
  const view = createRunView();
  for await (const event of run.events({ signal: AbortSignal.timeout(60_000) }))
    if (isThere(applyEvent(view, event))) return;
  throw new Error(`${run.id} has not come so far: ${JSON.stringify(view.outcome ?? view.state)}`);
}

/** Whether a command of it has said something, or has ended. */
export function hasOutput({ turns }: RunView): boolean {
  const items = Object.values(turns).flatMap((turn) => Object.values(turn.items));
  return items.some(({ item, isOpen }) => item.kind === 'command' && (!isOpen || item.output !== ''));
}

function asks(view: RunView): boolean {
  return openRequests(view).length > 0;
}
