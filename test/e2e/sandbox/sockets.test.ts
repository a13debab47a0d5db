import { describe, expect, it } from 'vitest';
import { testDirectory } from '../../support/directories.ts';
import { noOtherUser, runAsNobody } from '../../support/other-user.ts';
import { NOBODY } from '../../support/privileges.ts';
import { askForSockets, type SocketReport } from './sockets-run.ts';

type Isolation = 'standard' | 'strict';

if (noOtherUser) process.stderr.write(`skip the sockets as an unprivileged user: ${noOtherUser}\n`);

const USERS = [
  {
    who: 'this user',
    uid: process.getuid?.(),
    ask: (isolation: Isolation) => askForSockets(testDirectory('sockets'), isolation),
  },
  {
    who: 'an unprivileged user',
    uid: NOBODY.uid,
    ask: async (isolation: Isolation): Promise<SocketReport> =>
      JSON.parse(await runAsNobody('test/e2e/sandbox/sockets-run.ts', (root) => [root, isolation])),
  },
];
const DENIED = 'Permission denied';
const MISSING = 'No such file or directory';
describe.each(noOtherUser ? USERS.slice(0, 1) : USERS)('a run with the whole network, as $who', ({ uid, ask }) => {
  it.each(['standard', 'strict'] as const)(
    'reaches no socket that our environment names, also not by renaming what is around it, with isolation %s',
    async (isolation) => {
      const accepted = {
        agent: DENIED,
        docker: DENIED,
        bus: DENIED,
        tmux: DENIED,
        decoy: 'REACHED',
        'decoy beside': 'REACHED',
        'renamed agent': MISSING,
        'renamed docker': MISSING,
        'renamed bus': MISSING,
      };
      // A plain command of a strict run sees nothing that was not listed; an accepted one all but what is denied.
      const plain = isolation === 'strict' ? { ...accepted, 'decoy beside': MISSING } : accepted;
      expect(await ask(isolation)).toEqual({ uid, status: 'done', asked: 2, answers: [plain, accepted] });
    },
  );
});
