import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testDirectory } from '../../support/directories.ts';
import { noOtherUser, runAsNobody } from '../../support/other-user.ts';
import { filesWith } from '../../support/search.ts';
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
    expect(report.worthless, 'every reading command prints its secret in a plain shell').toEqual([]);
    expect(report.asked, 'escalations were asked for, and accepted').toBeGreaterThanOrEqual(20);
    expect(report.refused, 'patches that nobody may allow').toBeGreaterThanOrEqual(1);
    expect(report.commands).toBeGreaterThanOrEqual(40);
    expect(report).toMatchObject({
      inRequests: [],
      inJournal: [],
      inFiles: [],
      isPlanted: false,
      isPictureShown: true,
      isLoginUntouched: true,
      wasServerReached: false,
    });
    expect(report.socketsWithoutSandbox, 'the sockets can be reached by both names').toMatch(
      /^CONNECTED .*app-server\.sock$(?:.|\n)*^CONNECTED \/tmp\/codex-daemon-/m,
    );
    expect(report.sockets, 'plain and escalated').toHaveLength(2);
    for (const said of report.sockets) {
      expect(said).toMatch(/UNREACHED .*app-server\.sock: (Operation not permitted|Permission denied)/);
      expect(said).not.toContain('CONNECTED');
    }
    expect(report.patchedCopy, 'the patches are worth something').toMatch(/"patched".*"moved"/s);
    // Without leave nothing outside is written; with it, one command is: that is what the leave says.
    expect(report.writtenOutside).toEqual(['plain']);
    for (const name of ['PROVIDER_KEY', 'SECRET_OF_OURS', 'OPENAI_API_KEY', 'CODEX_HOME='])
      expect(report.environment).not.toContain(name);
    expect(report.environment).toContain('HOME=');
  });
});

describe('the search for a secret', () => {
  it.each([0, 1, 2])('finds it in base64 behind %i other bytes', (before) => {
    const data = Buffer.from(`${'<'.repeat(before)}${CANARIES.picture}>`);
    const directory = testDirectory('search');
    writeFileSync(join(directory, 'found'), `{"url":"data:image/png;base64,${data.toString('base64')}"}`);
    writeFileSync(join(directory, 'other'), data.toString('base64').toLowerCase());
    expect(filesWith(directory, CANARIES.picture)).toEqual(['found']);
  });
});
