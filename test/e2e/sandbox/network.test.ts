import { describe, expect, it } from 'vitest';
import { testDirectory } from '../../support/directories.ts';
import { noOtherUser, runAsNobody } from '../../support/other-user.ts';
import { NOBODY } from '../../support/privileges.ts';
import { askForHosts, type NetworkOptions, type NetworkReport } from './network-run.ts';

interface Case {
  readonly who: string;
  readonly uid: number | undefined;
  readonly ask: (options: NetworkOptions) => Promise<NetworkReport>;
}

const THIS_USER: Case = {
  who: 'this user',
  uid: process.getuid?.(),
  ask: (options) => askForHosts(testDirectory('network'), options),
};
const AN_UNPRIVILEGED_USER: Case = {
  who: 'an unprivileged user',
  uid: NOBODY.uid,
  ask: async (options) =>
    JSON.parse(await runAsNobody('test/e2e/sandbox/network-run.ts', (root) => [root, JSON.stringify(options)])),
};

if (noOtherUser) process.stderr.write(`skip the list of hosts as an unprivileged user: ${noOtherUser}\n`);

const notListed = (host: string) =>
  expect.stringContaining(`Network access to "${host}" was blocked: domain is not on the allowlist`);
const isOfThisMachine = (host: string) =>
  expect.stringContaining(`Network access to "${host}" was blocked: local/private network addresses`);
const noWayButTheProxy = expect.stringContaining('Failed to connect');

describe.each(noOtherUser ? [THIS_USER] : [THIS_USER, AN_UNPRIVILEGED_USER])(
  'a run with a list of hosts, as $who',
  ({ uid, ask }) => {
    // Both names mean this server: only the list sets them apart.
    it.each([
      ['localhost', '127.0.0.1'],
      ['127.0.0.1', 'localhost'],
    ] as const)('reaches %s when it is listed and not %s, also not past the proxy', async (listed, other) => {
      const report = await ask({
        listed: [listed],
        questions: [
          { host: listed },
          { host: other },
          { host: listed, isDirect: true },
          { host: other, isEscalated: true },
          { host: listed, isDirect: true, isEscalated: true },
        ],
      });
      const refused = [isOfThisMachine(other), noWayButTheProxy];
      expect(report).toEqual({ uid, status: 'done', asked: 2, answers: ['REACHED', ...refused, ...refused] });
    });

    // The list comes before any look at the name, so this needs no network; a listed name is not found without one.
    it('is refused any other name by the list, before somebody is asked what it means', async () => {
      const unlisted = ['unlisted.example', 'www.listed.example', 'listed.example.unlisted.example', 'wild.example'];
      const listed = ['listed.example', 'www.wild.example'];
      const report = await ask({
        listed: ['listed.example', '*.wild.example'],
        questions: [
          ...[...unlisted, ...listed].map((host) => ({ host })),
          { host: 'unlisted.example', isEscalated: true },
        ],
      });
      const passed = expect.not.stringContaining('allowlist');
      expect(report).toEqual({
        uid,
        status: 'done',
        asked: 1,
        answers: [...unlisted.map(notListed), passed, passed, notListed('unlisted.example')],
      });
    });
  },
);
