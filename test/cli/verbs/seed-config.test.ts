import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../support/command-line.ts';
import { testDirectory } from '../../support/directories.ts';
import { scriptApi } from '../../support/scripted-api.ts';
import { SEED_CONFIG } from '../../support/seed-summary.ts';

describe('seed config', () => {
  /** A file whose settings are not all kept. */
  function configFile(content = 'model = "gpt-5.5"\nnotify = ["sh"]\n'): string {
    const file = join(testDirectory('config'), 'config.toml');
    writeFileSync(file, content);
    return file;
  }

  it('shows the settings as they can be given back, or that there are none', async () => {
    const { api } = scriptApi();
    expect((await runCommandLine(api, ['seed', 'config', 'work'])).stdout).toBe(SEED_CONFIG.config);
    expect(JSON.parse((await runCommandLine(api, ['seed', 'config', 'work', '--json'])).stdout)).toEqual(SEED_CONFIG);
    const bare = { ...api, seedConfig: async () => ({ version: 1, settings: {}, config: '' }) };
    expect((await runCommandLine(bare, ['seed', 'config', 'work'])).stdout).toBe('work has no settings.\n');
  });

  it('gives others, and says which; what is left out goes to nobody', async () => {
    const { api, calls } = scriptApi();
    const file = configFile();
    const { stdout, stderr } = await runCommandLine(api, ['seed', 'config', 'work', '--set', file]);
    expect(stderr).toBe(`Of ${file} it has: model. Left out: notify.\n`);
    expect(stdout).toBe('work has these settings now, in version 4.\n');
    const { stdout: json } = await runCommandLine(api, ['seed', 'config', 'work', '--set', file, '--json']);
    expect(JSON.parse(json)).toEqual({ ...SEED_CONFIG, dropped: ['notify'] });
    const call = 'setSeedConfig "work" {"config":"model = \\"gpt-5.5\\"\\n"}';
    expect(calls).toEqual([call, call]);
  });

  it('takes them away', async () => {
    const { api, calls } = scriptApi();
    const cleared = { ...api, setSeedConfig: async () => ({ version: 5, settings: {}, config: '', dropped: [] }) };
    const { stdout, stderr } = await runCommandLine(cleared, ['seed', 'config', 'work', '--clear']);
    expect({ stdout, stderr }).toEqual({ stdout: 'work has no settings now, in version 5.\n', stderr: '' });
    await runCommandLine(api, ['seed', 'config', 'work', '--clear']);
    expect(calls).toEqual(['setSeedConfig "work" {"config":""}']);
  });

  it('changes nothing for what it cannot read, or where both are said', async () => {
    const { api, calls } = scriptApi();
    const file = configFile('model =');
    expect((await runCommandLine(api, ['seed', 'config', 'work', '--set', file])).stderr).toContain('is no TOML');
    const missing = await runCommandLine(api, ['seed', 'config', 'work', '--set', `${file}.x`]);
    expect(missing.stderr).toContain('cannot be read');
    expect((await runCommandLine(api, ['seed', 'config', 'work', '--set', configFile(), '--clear'])).code).toBe(2);
    expect(calls).toEqual([]);
  });
});
