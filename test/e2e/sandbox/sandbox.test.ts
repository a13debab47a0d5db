import { describe, expect, it } from 'vitest';
import { testDirectory } from '../../support/directories.ts';
import { noOtherUser, runAsNobody } from '../../support/other-user.ts';
import { type AttackReport, runAttacks } from './attack-run.ts';
import { CANARIES } from './hostile.ts';

if (noOtherUser) process.stderr.write(`skip the attacks as an unprivileged user: ${noOtherUser}\n`);

const attackAsNobody = async (isolation: string): Promise<AttackReport> =>
  JSON.parse(await runAsNobody('test/e2e/sandbox/attack-run.ts', (root) => [root, isolation]));

const CASES: readonly { readonly who: string; readonly attack: () => Promise<AttackReport> }[] = [
  { who: 'this user, standard isolation', attack: () => runAttacks(testDirectory('attack'), 'standard') },
  { who: 'this user, strict isolation', attack: () => runAttacks(testDirectory('attack'), 'strict') },
  { who: 'an unprivileged user, standard isolation', attack: () => attackAsNobody('standard') },
  { who: 'an unprivileged user, strict isolation', attack: () => attackAsNobody('strict') },
];

const possible = noOtherUser ? CASES.slice(0, 2) : CASES;

describe.each(possible)('a hostile repository and an agent that wants out, as $who', ({ attack }) => {
  it('gets no login, no key and no network, plain or escalated and accepted', { timeout: 240_000 }, async () => {
    const report = await attack();
    expect(report.outcome).toMatchObject({ status: 'done', text: 'done' });
    expect(report.withoutSandbox.sort(), 'the attacks are worth something').toEqual(
      [CANARIES.codexLogin, CANARIES.sshKey, CANARIES.dataDirectory, CANARIES.otherRun].sort(),
    );
    expect(report.asked, 'escalations were asked for, and accepted').toBeGreaterThanOrEqual(20);
    expect(report.refused, 'patches that nobody may allow').toBeGreaterThanOrEqual(1);
    expect(report.commands).toBeGreaterThanOrEqual(40);
    expect(report).toMatchObject({
      inRequests: [],
      inJournal: [],
      inFiles: [],
      isPlanted: false,
      wasServerReached: false,
      canConnectWithoutSandbox: true,
      hasConnectedToSocket: false,
    });
    // Without leave nothing outside is written; with it, one command is: that is what the leave says.
    expect(report.writtenOutside).toEqual(['plain']);
    for (const name of ['PROVIDER_KEY', 'SECRET_OF_OURS', 'OPENAI_API_KEY', 'CODEX_HOME='])
      expect(report.environment).not.toContain(name);
    expect(report.environment).toContain('HOME=');
  });
});
