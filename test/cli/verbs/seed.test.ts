import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NewSeed, SeedSummary } from '../../../src/contract/seed.ts';
import { OptioError } from '../../../src/errors.ts';
import { chatgptAuth } from '../../support/auth.ts';
import { beginCommandLine, runCommandLine } from '../../support/command-line.ts';
import { testDirectory } from '../../support/directories.ts';
import { until } from '../../support/processes.ts';
import { NOW } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';
import { SEED } from '../../support/seed-summary.ts';

const ago = (ms: number) => new Date(NOW - ms).toISOString();

function begin(seeds: readonly SeedSummary[] = [SEED]) {
  const added: NewSeed[] = [];
  const { api, calls } = scriptApi({
    api: {
      listSeeds: async () => [...seeds],
      addSeed: async (seed) => {
        added.push(seed);
        return { ...SEED, id: seed.id, kind: seed.apiKey ? 'apiKey' : 'chatgpt' };
      },
    },
  });
  return { api, calls, added };
}

describe('seed ls', () => {
  it('says whose each is, how it is, who uses it, and how much of it is used', async () => {
    const lease = { holder: 'engine', fence: 3, expiresAt: ago(-60_000) };
    const usage = [
      { label: '5h', usedPercent: 40.4, minutes: 300, resetsAt: ago(-3_600_000) },
      { label: '7d', usedPercent: 100, minutes: 10_080, resetsAt: ago(-2 * 86_400_000) },
      { label: 'old', usedPercent: 70, minutes: 60, resetsAt: ago(3_600_000) },
      { label: 'any', usedPercent: 3, minutes: null, resetsAt: null },
    ];
    const seeds: SeedSummary[] = [
      { ...SEED, refreshedAt: ago(7_200_000), lease, usage, runs: ['run-1', 'run-2'] },
      {
        ...SEED,
        id: 'key',
        pool: null,
        kind: 'apiKey',
        mode: 'key',
        lease: { ...lease, holder: 'a-program' },
        account: null,
        state: 'unknown',
        reason: 'nobody has tried it yet',
        refreshedAt: null,
        usage: [],
      },
    ];
    const { stdout } = await runCommandLine(begin(seeds).api, ['seed', 'ls'], { columns: 200 });
    expect(stdout.split('\n')).toEqual([
      'SEED  POOL  ACCOUNT          PLAN  MODE    STATE    LEASED BY     TOKEN    USED (ANEW IN)',
      'work  team  ada@example.org  pro   broker  healthy  run-1, run-2  2 h ago  5h 40 % (1 h), 7d 100 % (2 d), old 0 %, any 3 %',
      'key         API key                key     unknown  a-program',
      'key is unknown: nobody has tried it yet',
      '',
    ]);
  });

  it('says at a usual terminal how much is used and why a login is dead, and not who lends it to nobody', async () => {
    const usage = [
      { label: '5h', usedPercent: 100, minutes: 300, resetsAt: ago(-12_600_000) },
      { label: '7d', usedPercent: 63, minutes: 10_080, resetsAt: ago(-5 * 86_400_000) },
    ];
    const lease = { holder: 'engine', fence: 3, expiresAt: ago(-60_000) };
    const reason = 'its provider refused it: refresh_token_reused';
    const account = { accountId: null, email: 'somebody.else@example.org', plan: 'team' };
    const spare: SeedSummary = { ...SEED, id: 'spare', account, usage: [], state: 'dead', reason };
    const { api } = begin([{ ...SEED, usage, lease, runs: [] }, spare]);
    const { stdout } = await runCommandLine(api, ['seed', 'ls'], { columns: 80 });
    expect(stdout.split('\n')).toEqual([
      'SEED   POOL  ACCOUNT                PLAN  STATE    USED (ANEW IN)',
      'work   team  ada@example.org        pro   healthy  5h 100 % (4 h), 7d 63 % (5 d)',
      'spare  team  somebody.else@exampl…  team  dead',
      'spare is dead: its provider refused it: its refresh token works once, and was',
      'used before (refresh_token_reused)',
      '',
    ]);
  });

  it('tells in words what the code of a provider means, and the code alone to programs', async () => {
    const reason = 'its provider refused it: refresh_token_reused';
    const { api } = begin([{ ...SEED, state: 'dead', reason }]);
    const { stdout } = await runCommandLine(api, ['seed', 'ls'], { columns: 250 });
    expect(stdout).toContain('its refresh token works once, and was used before (refresh_token_reused)');
    const { seeds } = JSON.parse((await runCommandLine(api, ['seed', 'ls', '--json'])).stdout);
    expect(seeds).toMatchObject([{ state: 'dead', reason }]);
    const found = { verdict: 'dead', reason, isRefreshed: false, seed: SEED } as const;
    const verified = await runCommandLine({ ...api, verifySeed: async () => found }, ['seed', 'verify', 'work']);
    expect(verified.stdout).toContain('was used before (refresh_token_reused)');
  });

  it('says how to begin where there is none, and JSON to programs', async () => {
    expect((await runCommandLine(begin([]).api, ['seed', 'ls'])).stdout).toContain('seed add NAME');
    expect(JSON.parse((await runCommandLine(begin().api, ['seed', 'ls', '--json'])).stdout)).toEqual({ seeds: [SEED] });
  });
});

describe('seed add', () => {
  it('takes an auth.json from a file or from standard input, and says that it is to be used nowhere else', async () => {
    const { api, added } = begin();
    const auth = chatgptAuth();
    const file = join(testDirectory('auth'), 'auth.json');
    writeFileSync(file, auth);
    const { stdout, stderr, code } = await runCommandLine(api, [
      'seed',
      'add',
      'work',
      '--from',
      file,
      '--pool',
      'team',
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'work is saved.\n' });
    expect(stderr).toContain('nowhere else');
    await runCommandLine(api, ['seed', 'add', 'work', '--from', '-', '--again'], { input: `${auth}\n` });
    expect(added).toEqual([
      { id: 'work', auth, pool: 'team' },
      { id: 'work', auth, again: true },
    ]);
  });

  it('takes a key from standard input only', async () => {
    const { api, added } = begin();
    const { stdout, stderr } = await runCommandLine(api, ['seed', 'add', 'key', '--api-key'], {
      input: 'sk-1234567890\n',
    });
    expect(added).toEqual([{ id: 'key', apiKey: 'sk-1234567890' }]);
    expect(stdout + stderr).not.toContain('sk-1234567890');
  });

  it.each([
    ['--api-key', 'sk-1234567890'],
    ['--api-key=sk-1234567890'],
    ["--api-key=sk-1234567890'q"],
    ['--apikey=sk-1234567890', '--json'],
    ['-ksk-1234567890'],
  ])('takes none from the command line, and does not repeat it: %s', async (...args) => {
    const { api, added } = begin();
    const { stdout, stderr, code } = await runCommandLine(api, ['seed', 'add', 'key', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(args.length > 1 && args[1] !== '--json' ? 'revoke it' : 'unknown option');
    expect(stdout + stderr).not.toContain('1234567890');
    expect(added).toEqual([]);
  });

  it('asks a person for a key, and does not show it', async () => {
    const { api, added } = begin();
    const line = beginCommandLine(api, ['seed', 'add', 'key', '--api-key'], { columns: 80 });
    await until(async () => line.text().includes('not shown'), 'it asks');
    line.type('sk-1234567890\r');
    expect(await line.ended).toBe(0);
    expect(added).toEqual([{ id: 'key', apiKey: 'sk-1234567890' }]);
    expect(line.text()).not.toContain('sk-');
  });

  it.each([
    [['seed', 'add', 'work', '--from', '-', '--api-key'], 'say one of'],
    [['seed', 'add', 'work', '--api-key', '--browser'], 'say one of'],
    [['seed', 'add', 'work', '--from', '/nowhere/auth.json'], 'cannot be read'],
    [['seed', 'add', 'work', '--from', '-'], 'no auth.json'],
  ])('refuses %j', async (args, said) => {
    const { api, added } = begin();
    const { code, stderr } = await runCommandLine(api, args, { input: '' });
    expect({ code, added }).toEqual({ code: 2, added: [] });
    expect(stderr).toContain(said);
  });
});

describe('seed undo and seed rm', () => {
  it('do it, and say so', async () => {
    const { api, calls } = begin();
    const reason = 'went back to version 1, whose refresh token may have been used since';
    const undoSeed = async () => ({ ...SEED, version: 3, reason });
    const undone = await runCommandLine({ ...api, undoSeed }, ['seed', 'undo', 'work']);
    expect(undone.stdout).toBe(`work is version 3 now: it ${reason}.\n`);
    await runCommandLine(api, ['seed', 'undo', 'work']);
    await runCommandLine(api, ['seed', 'undo', 'work', '--to', '3']);
    await runCommandLine(api, ['seed', 'rm', 'work', '--force', '--yes']);
    expect((await runCommandLine(api, ['seed', 'rm', 'work', '--yes'])).stdout).toBe('work is removed.\n');
    expect(calls).toEqual([
      'undoSeed "work" {}',
      'undoSeed "work" {"to":3}',
      'removeSeed "work" {"force":true}',
      'removeSeed "work" {"force":false}',
    ]);
    expect((await runCommandLine(api, ['seed', 'undo', 'work', '--to', 'x'])).code).toBe(2);
  });

  it.each([
    ['y\r', 0, ['removeSeed "work" {"force":true}']],
    ['\r', 1, []],
    ['\u0003', 1, []],
  ])('asks a person before it removes one, and takes %j for an answer', async (keys, code, removed) => {
    const { api, calls } = begin();
    const running = beginCommandLine(api, ['seed', 'rm', 'work', '--force'], { columns: 100 });
    await until(() =>
      running.text().includes('Remove the login work of ada@example.org, and all its versions? [y/N] '),
    );
    running.type(keys);
    expect(await running.ended).toBe(code);
    expect(calls).toEqual(removed);
  });

  it('wants to be told where it can ask nobody', async () => {
    const { api, calls } = begin();
    const { code, stderr } = await runCommandLine(api, ['seed', 'rm', 'work', '--force'], { input: 'y\n' });
    expect({ code, calls }).toEqual({ code: 2, calls: [] });
    expect(stderr).toContain('Add --yes');
  });

  it('list the seeds where there is none of that name', async () => {
    const { api } = begin();
    const missing = async () => {
      throw new OptioError('not-found', 'there is no seed "x"');
    };
    const { stderr, code } = await runCommandLine({ ...api, removeSeed: missing }, ['seed', 'rm', 'x']);
    expect(code).toBe(1);
    expect(stderr).toContain('There are: work.');
  });
});
