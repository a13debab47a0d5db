import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import type { NewSeed } from '../../../src/contract/seed.ts';
import { chatgptAuth } from '../../support/auth.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { testDirectory } from '../../support/directories.ts';
import { scriptApi } from '../../support/scripted-api.ts';
import { SEED } from '../../support/seed-summary.ts';

const SETTINGS = { model: 'gpt-5.5', model_reasoning_effort: 'high' };

/** A home of Codex with a login and a configuration that is of no use to others as a whole. */
function codexHome() {
  const home = testDirectory('codex');
  const [auth, config] = [chatgptAuth(), join(home, 'config.toml')];
  writeFileSync(join(home, 'auth.json'), auth);
  const hostile = 'notify = ["sh"]\n"\\u001b[2Jx" = 1\n[mcp_servers.x]\ncommand = "sh"\nenv = { KEY = "canary" }\n';
  writeFileSync(config, `model = "gpt-5.5"\nmodel_reasoning_effort = "high"\n${hostile}`);
  return { home, auth, config };
}

function begin() {
  const added: NewSeed[] = [];
  const addSeed = async (seed: NewSeed) => {
    added.push(seed);
    return { ...SEED, id: seed.id };
  };
  return { api: scriptApi({ api: { addSeed } }).api, added };
}

describe('seed add, from files', () => {
  it('takes the configuration that is named, and says what of it is kept; the rest goes to nobody', async () => {
    const { api, added } = begin();
    const { home, config } = codexHome();
    const args = ['seed', 'add', 'work', '--from', join(home, 'auth.json')];
    const { code, stderr, stdout } = await runCommandLine(api, [...args, '--config', config, '--again']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'work is saved.\n' });
    expect(stderr).toContain(`Of ${config} it has: model, model_reasoning_effort. Left out: notify, x, mcp_servers.`);
    const key = ['seed', 'add', 'key', '--api-key', '--config', config];
    await runCommandLine(api, key, { input: 'sk-1234567890\n' });
    await runCommandLine(api, args);
    expect(added.map(({ config: sent }) => sent && parse(sent))).toEqual([SETTINGS, SETTINGS, undefined]);
    expect(JSON.stringify(added)).not.toContain('canary');
  });

  it('takes a whole directory of Codex, with its configuration where it has one', async () => {
    const { api, added } = begin();
    const { home, auth } = codexHome();
    const args = ['seed', 'add', 'work', '--from', home];
    expect((await runCommandLine(api, args)).stderr).toContain(
      'it has: model, model_reasoning_effort. Left out: notify',
    );
    const other = join(home, 'other.toml');
    writeFileSync(other, 'notify = ["sh"]\n');
    const { stderr } = await runCommandLine(api, [...args, '--config', other]);
    expect(stderr).toContain(`Of ${other} it has: nothing. Left out: notify.`);
    rmSync(join(home, 'config.toml'));
    expect((await runCommandLine(api, args)).stderr).not.toContain('it has');
    expect(added.map(({ config: sent }) => sent)).toEqual([expect.stringContaining('gpt-5.5'), '', undefined]);
    expect(new Set(added.map(({ auth: sent }) => sent))).toEqual(new Set([auth]));
  });

  it('says nothing but JSON to programs, whatever is kept', async () => {
    const { api } = begin();
    const { stdout, stderr } = await runCommandLine(api, ['seed', 'add', 'work', '--from', codexHome().home, '--json']);
    expect([JSON.parse(stdout).id, stderr]).toEqual(['work', '']);
  });

  it('refuses a configuration that is none, or is not there, and a directory without a login', async () => {
    const { api, added } = begin();
    const { home, config } = codexHome();
    const refused = async (...args: string[]) => {
      const { code, stderr } = await runCommandLine(api, ['seed', 'add', 'work', ...args]);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused('--config', '/nowhere/config.toml')).toContain('/nowhere/config.toml cannot be read');
    expect(await refused('--config', home)).toContain('cannot be read');
    writeFileSync(config, 'model = ');
    expect(await refused('--config', config)).toContain('is no TOML');
    expect(await refused('--from', home)).toContain('name the auth.json beside it');
    rmSync(join(home, 'auth.json'));
    expect(await refused('--from', home)).toContain('cannot be read');
    expect(added).toEqual([]);
  });
});
