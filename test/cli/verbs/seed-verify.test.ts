import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../support/command-line.ts';
import { scriptApi } from '../../support/scripted-api.ts';
import { SEED } from '../../support/seed-summary.ts';

describe('seed verify', () => {
  it('says how it is, and exits with 1 where it is dead', async () => {
    const { api } = scriptApi();
    const found = { verdict: 'alive', reason: null, isRefreshed: true, seed: SEED } as const;
    const verifying = { ...api, verifySeed: async () => found };
    const alive = await runCommandLine(verifying, ['seed', 'verify', 'work', '--refresh', 'always']);
    expect(alive).toMatchObject({ stdout: 'work: alive, and its tokens were renewed.\n', code: 0 });
    const dead = {
      ...found,
      verdict: 'dead',
      reason: 'its provider refused it: \u001b[2Jx',
      isRefreshed: false,
    } as const;
    const { stdout, code } = await runCommandLine({ ...api, verifySeed: async () => dead }, ['seed', 'verify', 'work']);
    expect(code).toBe(1);
    expect(stdout).toContain('work: dead (its provider refused it: ');
    expect(stdout).not.toContain('\u001b');
    const { stdout: json } = await runCommandLine(verifying, ['seed', 'verify', 'work', '--json']);
    expect(JSON.parse(json)).toEqual(found);
    expect((await runCommandLine(api, ['seed', 'verify', 'work', '--refresh', 'sometimes'])).code).toBe(2);
  });

  it('passes on what is asked for', async () => {
    const { api, calls } = scriptApi();
    await runCommandLine(api, ['seed', 'verify', 'work']);
    await runCommandLine(api, ['seed', 'verify', 'work', '--refresh', 'never']);
    expect(calls).toEqual(['verifySeed "work" {}', 'verifySeed "work" {"refresh":"never"}']);
  });
});
