import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { TaskDefinition } from '../../src/contract/task-definition.ts';
import { shownDefinition, withHidden } from '../../src/engine/shown-definition.ts';
import { Optio } from '../../src/optio.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';

const KEY = 'sk-0123456789';
const CONFIG = { instructions: 'Do it', workspace: { fresh: true as const }, env: { API_KEY: KEY } };

describe('a definition that is shown', () => {
  it('has the names of the variables for its commands, and not their values', async () => {
    await using optio = await Optio.open({ dataDir: testDirectory('shown'), limits: { total: 0 } });
    await optio.addTask({ id: 'nightly', config: CONFIG });
    const run = await optio.launch('nightly');
    const shown = JSON.stringify([await run.details(), await optio.task('nightly')]);
    expect(shown).not.toContain(KEY);
    expect(shown.match(/"env":\{"API_KEY":"\(hidden\)"\}/g)).toHaveLength(2);
    let exported = '';
    for await (const text of run.export('json')) exported += text;
    expect(exported).not.toContain(KEY);
    const again = await optio.run(CONFIG);
    expect(JSON.stringify(await again.details())).not.toContain(KEY);
  });

  it('can be written back, and loses nothing', async () => {
    const dataDir = testDirectory('shown');
    await using optio = await Optio.open({ dataDir, limits: { total: 0 } });
    const requests = { webhook: { url: 'https://user:pass@hooks.example/services/T0/SECRET?key=1', deadlineMs: 5 } };
    await optio.addTask({ id: 'nightly', config: CONFIG, requests });
    const shown = (await optio.task('nightly')).definition as TaskDefinition;
    expect(shown.requests?.webhook).toEqual({ url: 'https://hooks.example/(hidden)', deadlineMs: 5 });
    const env = { ...shown.config.env, MORE: 'b' };
    await optio.addTask({ ...shown, name: 'Other', config: { ...shown.config, env } });
    const kept = withHidden(shown, { id: 'nightly', config: CONFIG, requests });
    expect(kept).toMatchObject({ config: CONFIG, requests });
    const refused = (definition: TaskDefinition) => failureOf(optio.addTask(definition));
    const bad = { code: 'invalid-config', message: expect.stringContaining('(hidden)') };
    expect(await refused({ ...shown, id: 'other' })).toMatchObject(bad);
    expect(await refused({ ...shown, config: { ...CONFIG, env: { NEW: '(hidden)' } } })).toMatchObject(bad);
    const elsewhere = { webhook: { url: 'https://other.example/(hidden)' } };
    expect(await refused({ ...shown, requests: elsewhere })).toMatchObject(bad);
    expect(await failureOf(optio.run(shown.config))).toMatchObject(bad);
    await optio.close();
    const stored = new DatabaseSync(join(dataDir, 'optio.db'), { readOnly: true });
    const row = stored.prepare("SELECT definition FROM tasks WHERE id = 'nightly'").get();
    stored.close();
    expect(JSON.parse(String(row?.definition))).toMatchObject({
      name: 'Other',
      config: { env: { API_KEY: KEY, MORE: 'b' } },
      requests,
    });
  });

  it.each([null, undefined, 'text', { config: null }, { id: 'x', config: { instructions: 'Do it' } }])(
    'is what it was where there is nothing to hide: %j',
    (definition) => {
      expect(shownDefinition(definition)).toBe(definition);
    },
  );
});
