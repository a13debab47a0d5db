import { describe, expect, it } from 'vitest';
import type { SeedMode } from '../../../src/contract/seed.ts';
import { testDirectory } from '../../support/directories.ts';
import { noOtherUser, runAsNobody } from '../../support/other-user.ts';
import { NOBODY } from '../../support/privileges.ts';
import { attackSeed, type Isolation, type SeedAttackReport } from './attack-run.ts';

if (noOtherUser) process.stderr.write(`skip the attacks on saved logins as an unprivileged user: ${noOtherUser}\n`);

const attack = (mode: SeedMode, isolation: Isolation) => attackSeed(testDirectory('seed-attack'), mode, isolation);
const attackAsNobody = async (mode: SeedMode, isolation: Isolation): Promise<SeedAttackReport> =>
  JSON.parse(await runAsNobody('test/e2e/seeds/attack-run.ts', (root) => [root, mode, isolation]));

const OURSELVES = { who: 'this user', uid: process.getuid?.(), attack };
const SOMEBODY = { who: 'an unprivileged user', uid: NOBODY.uid, attack: attackAsNobody };
const CASES = [
  { ...OURSELVES, mode: 'broker', isolation: 'standard' },
  { ...OURSELVES, mode: 'file', isolation: 'standard' },
  { ...OURSELVES, mode: 'file', isolation: 'strict' },
  { ...OURSELVES, mode: 'key', isolation: 'strict' },
  ...(noOtherUser
    ? []
    : ([
        { ...SOMEBODY, mode: 'broker', isolation: 'strict' },
        { ...SOMEBODY, mode: 'file', isolation: 'standard' },
        { ...SOMEBODY, mode: 'key', isolation: 'standard' },
      ] as const)),
] as const;

/** Where a login is kept from commands, and the only file below all that a run has to do with in which anything of it lies. */
const KEPT = {
  broker: { kept: 'tokens', files: [] },
  file: { kept: 'file', files: ['data/runs/RUN/codex/auth.json'] },
  key: { kept: 'memory', files: [] },
} as const;

describe.each(CASES)('a run that is after its own saved login, as $who, mode $mode, isolation $isolation', (one) => {
  const { attack, uid, mode, isolation } = one;

  it('gets nothing of it, be it from files, links, memory, the store, or by what the repository holds', {
    timeout: 240_000,
  }, async () => {
    const report = await attack(mode, isolation);
    expect(report).toMatchObject({ uid, outcome: { status: 'done', text: 'done' } });
    expect(report.worthless, 'every attack prints its secret in a plain shell').toEqual([]);
    // Whoever accepts an escalation lets it write anywhere as this user, who owns what is above the data directory.
    const gaps = [expect.stringMatching(/^an approved command could replace \//)];
    expect(report.loginReport).toEqual({ seed: 'work', kept: KEPT[mode].kept, gaps });
    const [before, after] = report.issued;
    expect(after, 'the login was renewed in the midst of it').toBe(mode === 'key' ? before : before + 3);
    expect(report.commands).toBeGreaterThanOrEqual(19);
    expect(report.asked, 'somebody was asked about every escalation').toBeGreaterThanOrEqual(5);
    expect(report.cut, 'outputs that the model got in part').toEqual([]);
    expect(report).toMatchObject({
      inRequests: [],
      inOtherRequests: [],
      inJournal: [],
      inProcesses: [],
      filesMeanwhile: KEPT[mode].files,
      filesAfter: [],
      searched: [true, true],
      loginModes: [0, 0],
      isLoginPatched: false,
      isPictureShown: true,
    });
    expect(report.patchedCopy, 'the patches are worth something').toMatch(/"patched".*"moved"/s);
    // Neither a server, nor a hook, nor a program of the repository has run: only the command that was accepted.
    expect(report.writtenOutside).toEqual(['plain']);
    expect(report.socketWithoutSandbox).toMatch(/^CONNECTED .*\/codex\/app-server\.sock$/m);
    expect(report.sockets.length).toBeGreaterThanOrEqual(2);
    expect(report.sockets.join()).not.toContain('CONNECTED');
    expect(report.sampled.join(), 'codex was among the processes').toMatch(/app-server/);
  });
});
