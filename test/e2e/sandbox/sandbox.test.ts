import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testDirectory } from '../../support/directories.ts';
import { noOtherUser, runAsNobody } from '../../support/other-user.ts';
import { NOBODY } from '../../support/privileges.ts';
import { filesWith } from '../../support/search.ts';
import { type AttackReport, type Isolation, type Network, runAttacks } from './attack-run.ts';
import { CANARIES } from './hostile.ts';

if (noOtherUser) process.stderr.write(`skip the attacks as an unprivileged user: ${noOtherUser}\n`);

const attack = (isolation: Isolation, network: Network) => runAttacks(testDirectory('attack'), isolation, network);
const attackAsNobody = async (isolation: Isolation, network: Network): Promise<AttackReport> =>
  JSON.parse(await runAsNobody('test/e2e/sandbox/attack-run.ts', (root) => [root, isolation, network]));

const USERS = [
  { who: 'this user', uid: process.getuid?.(), attack },
  { who: 'an unprivileged user', uid: NOBODY.uid, attack: attackAsNobody },
];
const CASES = USERS.slice(0, noOtherUser ? 1 : 2).flatMap((user) => [
  { ...user, isolation: 'standard', network: 'none' } as const,
  { ...user, isolation: 'strict', network: 'none' } as const,
  { ...user, isolation: 'standard', network: 'all' } as const,
  { ...user, isolation: 'strict', network: 'all' } as const,
]);

/** What a command says of a socket of nobody's, and of the one of the run by both of its names. */
function expectedSockets(network: Network, ownInTmp: string): unknown[] {
  const denied = 'Operation not permitted';
  const [decoy, own, inTmp] =
    network === 'all'
      ? ['CONNECTED decoy.sock', 'Permission denied', ownInTmp]
      : [`UNREACHED decoy.sock: ${denied}`, denied, denied];
  return [
    decoy,
    expect.stringMatching(`^UNREACHED .*/codex/app-server\\.sock: ${own}$`),
    expect.stringMatching(`^UNREACHED /tmp/codex-daemon-\\d+/[0-9a-f]{64}: ${inTmp}$`),
  ];
}

describe.each(CASES)(
  'a hostile repository and an agent that wants out, as $who, isolation $isolation, network $network',
  ({ attack, uid, isolation, network }) => {
    it('gets no login, no key and no network that it was not given, plain or escalated and accepted', {
      timeout: 240_000,
    }, async () => {
      const report = await attack(isolation, network);
      expect(report).toMatchObject({ uid, outcome: { status: 'done', text: 'done' } });
      expect(report.worthless, 'every reading command prints its secret in a plain shell').toEqual([]);
      expect(report.escalated).toBeGreaterThanOrEqual(20);
      expect(report.asked, 'somebody was asked about every escalation, whatever the rules say').toBe(report.escalated);
      expect(report.refused, 'patches that nobody may allow').toBeGreaterThanOrEqual(1);
      expect(report.commands).toBeGreaterThanOrEqual(40);
      expect(report).toMatchObject({
        inRequests: [],
        inJournal: [],
        inFiles: [],
        isHomeRead: { withoutSandbox: true, inSandbox: false },
        isPlanted: false,
        isPictureShown: true,
        isLoginUntouched: true,
        connections: network === 'all' ? 3 : 1,
      });
      expect(report.socketsWithoutSandbox, 'the sockets can be reached by all their names').toMatch(
        /^CONNECTED decoy\.sock\nCONNECTED .*\/codex\/app-server\.sock\nCONNECTED \/tmp\/codex-daemon-\d+\/[0-9a-f]{64}\n/,
      );
      // A plain command of a strict run has no /tmp; an accepted one sees all but what is denied, or hidden by codex.
      const inTmp = [isolation === 'strict' ? 'No such file or directory' : 'Permission denied', 'Permission denied'];
      const tried = report.sockets.map((said) => said.match(/^(UN|CONN).*/gm) ?? []);
      expect(tried.map((lines) => lines.slice(0, 3))).toEqual(inTmp.map((why) => expectedSockets(network, why)));
      for (const lines of tried) expect(lines.slice(3).join()).not.toContain('CONNECTED');
      const why = [isolation === 'strict' ? 'No such file or directory' : 'Device or resource busy', 'resource busy'];
      expect(report.renamed).toEqual(why.map((reason) => expect.stringContaining(reason)));
      expect(report.patchedCopy, 'the patches are worth something').toMatch(/"patched".*"moved"/s);
      // Without permission nothing outside is written; with it, one command is: that is what the request says.
      expect(report.writtenOutside).toEqual({ plain: 'x\n' });
      for (const name of ['PROVIDER_KEY', 'SECRET_OF_OURS', 'OPENAI_API_KEY', 'CODEX_HOME='])
        expect(report.environment).not.toContain(name);
      expect(report.environment).toContain('HOME=');
    });
  },
);

describe('the search for a secret', () => {
  it.each([0, 1, 2])('finds it in base64 behind %i other bytes', (before) => {
    const data = Buffer.from(`${'<'.repeat(before)}${CANARIES.picture}>`);
    const directory = testDirectory('search');
    writeFileSync(join(directory, 'found'), `{"url":"data:image/png;base64,${data.toString('base64')}"}`);
    writeFileSync(join(directory, 'other'), data.toString('base64').toLowerCase());
    expect(filesWith(directory, CANARIES.picture)).toEqual(['found']);
  });
});
