import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NewSeedLogin, SeedLogin } from '../../../src/contract/seed-login.ts';
import { beginCommandLine, runCommandLine } from '../../support/command-line.ts';
import { testDirectory } from '../../support/directories.ts';
import { until } from '../../support/processes.ts';
import { NOW } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';
import { LOGIN, SEED } from '../../support/seed-summary.ts';

const WAITING: SeedLogin = { ...LOGIN, expiresAt: new Date(NOW + 15 * 60_000).toISOString() };
const STARTING: SeedLogin = { ...WAITING, state: 'starting', url: null, userCode: null };

/** Logins that come to these states, one after the other; the last one is not left by itself. */
function script(...states: SeedLogin[]) {
  const started: NewSeedLogin[] = [];
  const cancelled = Promise.withResolvers<SeedLogin>();
  const rest = [...states];
  const { api, calls } = scriptApi({
    api: {
      startSeedLogin: async (login) => {
        started.push(login);
        return STARTING;
      },
      seedLogin: async () => rest.shift() ?? cancelled.promise,
      cancelSeedLogin: async () => {
        cancelled.resolve({ ...WAITING, state: 'cancelled' });
        return cancelled.promise;
      },
      listSeeds: async () => [SEED],
    },
  });
  return { api, calls, started };
}

describe('seed add, without a login', () => {
  it('shows where to go and with which code, each alone in a line, and whose login was saved', async () => {
    const { api, started } = script(WAITING, WAITING, { ...WAITING, state: 'saving' }, { ...WAITING, state: 'done' });
    const { code, stdout, stderr } = await runCommandLine(api, ['seed', 'add', 'work', '--pool', 'team', '--again']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(started).toEqual([{ id: 'work', method: 'deviceCode', pool: 'team', again: true }]);
    expect(stdout.split('\n')).toEqual([
      'Open this address on any device, and log in with ChatGPT:',
      '',
      '  https://auth.openai.com/codex/device',
      '',
      'Enter this code there, and give it to nobody else:',
      '',
      '  ABCD-EFGHI',
      '',
      'It waits for 15 min. Ctrl-C gives it up.',
      'Logged in. Saving it …',
      'work is saved: ada@example.org, plan pro.',
      '',
    ]);
  });

  it('shows the address for a browser, and what to do where that is on another machine', async () => {
    const waiting: SeedLogin = {
      ...WAITING,
      method: 'browser',
      url: 'https://auth.openai.com/oauth?x=1',
      userCode: null,
    };
    const { api, started } = script(waiting, { ...waiting, state: 'done' });
    const { stdout } = await runCommandLine(api, ['seed', 'add', 'work', '--browser']);
    expect(started).toEqual([{ id: 'work', method: 'browser' }]);
    expect(stdout).toContain('\n  https://auth.openai.com/oauth?x=1\n');
    expect(stdout).toContain('port 1455');
  });

  it('sends what is kept of a configuration along, and says so before anything else', async () => {
    const { api, started } = script(WAITING, { ...WAITING, state: 'done' });
    const config = join(testDirectory('config'), 'config.toml');
    writeFileSync(config, 'model = "gpt-5.5"\nnotify = ["sh"]\n');
    const { stderr } = await runCommandLine(api, ['seed', 'add', 'work', '--config', config]);
    expect(started).toEqual([
      { id: 'work', method: 'deviceCode', config: expect.stringMatching(/^model = "gpt-5.5"\s*$/) },
    ]);
    expect(stderr).toBe(`Of ${config} it has: model. Left out: notify.\n`);
  });

  it('prints a line of JSON for each state to programs, and nothing else', async () => {
    const done: SeedLogin = { ...WAITING, state: 'done' };
    const { api } = script(WAITING, done);
    const { stdout } = await runCommandLine(api, ['seed', 'add', 'work', '--json']);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([STARTING, WAITING, done]);
  });

  it('says why it has failed', async () => {
    const error = { code: 'login-failed', message: 'it was denied', remedy: 'Begin it once more.' } as const;
    const { api } = script(WAITING, { ...WAITING, state: 'failed', error });
    const { code, stderr } = await runCommandLine(api, ['seed', 'add', 'work']);
    expect(code).toBe(1);
    expect(stderr).toContain('it was denied');
    expect(stderr).toContain('Begin it once more.');
  });

  it('gives it up at Ctrl-C', async () => {
    const line = beginCommandLine(script(WAITING).api, ['seed', 'add', 'work'], { columns: 80 });
    await until(() => line.text().includes('ABCD-EFGHI'), 'the code');
    process.emit('SIGINT');
    expect(await line.ended).toBe(130);
    expect(line.text()).toContain('Given up');
  });

  it('leaves at the second Ctrl-C, although nobody answers', async () => {
    const { api } = script(WAITING);
    const deaf = { ...api, cancelSeedLogin: () => new Promise<never>(() => {}) };
    const line = beginCommandLine(deaf, ['seed', 'add', 'work'], { columns: 80 });
    await until(() => line.text().includes('ABCD-EFGHI'), 'the code');
    process.emit('SIGINT');
    process.emit('SIGINT');
    expect(await line.ended).toBe(130);
  });
});
