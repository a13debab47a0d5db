import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../../src/contract/event.ts';
import type { RunHandle } from '../../../src/contract/run-handle.ts';
import type { RunSpec } from '../../../src/contract/run-spec.ts';
import { Optio } from '../../../src/optio.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { specIn, watchRun } from '../../support/run.ts';
import { makeSeededPlace, type SeededPlace } from '../../support/seed-run.ts';
import { hostileConfig, storeConfig } from '../../support/stored-config.ts';

const HELLO = '!say hello';
/** No run of these names a model. */
const SETTINGS = 'model = "gpt-5.4"\nmodel_reasoning_effort = "low"\nmodel_verbosity = "low"\n';
const MODES = ['broker', 'file'] as const;

/** Lets a run that has the seed ask the model, and gives what it was asked, and the config.toml of the run. */
async function ask(place: SeededPlace, spec: Partial<RunSpec> = {}) {
  const configs: Record<string, unknown>[] = [];
  const { model: _, ...whole } = specIn(place, { instructions: HELLO, seedId: 'work', ...spec });
  const watched = await watchRun(place, { ...whole, model: spec.model } as typeof whole, (event, run) => {
    if (event.type === 'turn.started') configs.push(configOf(place, run));
  });
  const { model, body } = place.model.requests.at(-1) ?? {};
  const { effort } = (body?.reasoning ?? {}) as { effort?: string };
  const [started] = watched.of('session.started');
  return { ...watched, asked: { model, effort }, started, config: configs[0] ?? {} };
}

function configOf({ dataDir }: SeededPlace, { id }: RunHandle): Record<string, unknown> {
  return parse(readFileSync(join(dataDir, 'runs', id, 'codex', 'config.toml'), 'utf8'));
}

describe.each(MODES)('the config.toml of a seed, for a run in %s mode', (seedMode) => {
  it('says which model is asked and how hard that thinks, and the run tells of it', async () => {
    const place = await makeSeededPlace();
    await place.addLogin('work', { config: SETTINGS });
    const { outcome, asked, started, config, of } = await ask(place, { seedMode });
    expect(outcome).toMatchObject({ status: 'done', text: 'hello' });
    expect(asked).toEqual({ model: 'gpt-5.4', effort: 'low' });
    expect(started).toMatchObject({ model: 'gpt-5.4', effort: 'low' });
    expect(config).toMatchObject({ model_verbosity: 'low', default_permissions: 'locked' });
    expect(of('notice').filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('gives way to what the task names', async () => {
    const place = await makeSeededPlace();
    await place.addLogin('work', { config: SETTINGS });
    const own = { seedMode, model: 'gpt-5.5', reasoningEffort: 'high' };
    const { asked, started, config } = await ask(place, own);
    expect(config).toMatchObject({ model: 'gpt-5.5', model_verbosity: 'low' });
    expect(config).not.toHaveProperty('model_reasoning_effort'); // it goes with each turn
    expect(asked).toEqual({ model: 'gpt-5.5', effort: 'high' });
    expect(started).toMatchObject({ model: 'gpt-5.5', effort: 'high' });
    const { asked: half } = await ask(place, { seedMode, model: 'gpt-5.5' });
    expect(half).toEqual({ model: 'gpt-5.5', effort: 'low' });
  });

  it('is looked at once more, whatever is stored there', async () => {
    const before = await makeSeededPlace();
    await before.addLogin('work');
    await before.optio.close(); // one process at a time holds the store
    const store = await openSqliteStore(before.dataDir);
    await storeConfig({ store, directory: before.dataDir }, () => hostileConfig('low')).finally(() => store.close());
    const optio = await Optio.open({ dataDir: before.dataDir, env: before.env });
    onTestFinished(() => optio.close());
    const place = { ...before, optio };
    const { outcome, asked, config, started } = await ask(place, { seedMode, model: 'gpt-5.5' });
    expect(outcome.status).toBe('done');
    expect(asked.effort).toBe('low');
    expect(JSON.stringify(config)).not.toMatch(/hostile|notify|mcp_servers|sandbox_mode|approval_policy/);
    expect(config).toMatchObject({ model: 'gpt-5.5', default_permissions: 'locked' });
    expect(started?.sandbox).toMatchObject({ profile: 'locked', mode: 'workspace-write' });
  });
});

describe('a seed without a config.toml', () => {
  it('leaves the model and the effort to Codex, and nobody is told that somebody has chosen them', async () => {
    const place = await makeSeededPlace();
    await place.addLogin('work');
    const { asked, started } = await ask(place);
    expect(asked.model).toBe(started?.model);
    expect(started).not.toHaveProperty('effort');
  });
});

describe('settings that are changed while a run has the seed', () => {
  it('are those of the runs to come, and that one goes on with those it has', async () => {
    const place = await makeSeededPlace();
    await place.addLogin('work', { config: SETTINGS });
    const changed: unknown[] = [];
    const { model: _, ...spec } = specIn(place, { instructions: '!say first', seedId: 'work', endRule: 'told' });
    const unnamed = { ...spec, model: undefined } as unknown as typeof spec;
    const watched = await watchRun(place, unnamed, async (event, run) => {
      if (event.type !== 'turn.ended') return;
      if (changed.length > 0) return run.finish();
      changed.push(await place.optio.setSeedConfig('work', { config: 'model = "gpt-5.5"' }));
      await run.send('!say second');
    });
    expect(watched.outcome).toMatchObject({ status: 'done' });
    expect(changed).toMatchObject([{ version: 2, settings: { model: 'gpt-5.5' } }]);
    expect(place.model.requests.map(({ model }) => model)).toEqual(['gpt-5.4', 'gpt-5.4']);
    const { asked } = await ask(place);
    expect(asked.model).toBe('gpt-5.5');
  });
});

describe('a run that goes on with another seed of its pool', () => {
  it('has the settings of that one from then on, and keeps the model of its thread', async () => {
    const place = await makeSeededPlace();
    const first = await place.addLogin('a', { pool: 'team', config: SETTINGS });
    await place.addLogin('b', { pool: 'team', config: 'model = "gpt-5.5"\nmodel_verbosity = "high"\n' });
    first.account.usage.isExhausted = true;
    const { model: _, ...spec } = specIn(place, { instructions: HELLO, seedPool: 'team' });
    const options = { retry: { attempts: 2, backoffMs: 1 } };
    const run = await place.optio.run({ autoStart: true, endRule: 'firstTurn', ...spec }, options);
    const events: RunEvent[] = [];
    const verbosities: unknown[] = [];
    for await (const event of run.events()) {
      events.push(event);
      if (event.type === 'session.started') verbosities.push(configOf(place, run).model_verbosity);
    }
    expect(await run.outcome).toMatchObject({ status: 'done' });
    const started = events.flatMap((event) => (event.type === 'session.started' ? [event] : []));
    expect(started.map(({ loginReport }) => loginReport?.seed)).toEqual(['a', 'b']);
    expect(started[1]?.isResumed).toBe(true);
    expect(verbosities).toEqual(['low', 'high']);
    expect(place.model.requests.map(({ model }) => model)).toEqual(['gpt-5.4']);
    expect(started.map(({ model, effort }) => [model, effort])).toEqual([
      ['gpt-5.4', 'low'],
      ['gpt-5.4', 'low'],
    ]);
  });
});
