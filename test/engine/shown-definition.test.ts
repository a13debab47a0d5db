import { describe, expect, it } from 'vitest';
import { shownDefinition } from '../../src/engine/shown-definition.ts';
import { Optio } from '../../src/optio.ts';
import { testDirectory } from '../support/directories.ts';

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

  it.each([null, undefined, 'text', { config: null }, { id: 'x', config: { instructions: 'Do it' } }])(
    'is what it was where there is nothing to hide: %j',
    (definition) => {
      expect(shownDefinition(definition)).toBe(definition);
    },
  );
});
