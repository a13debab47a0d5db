import { describe, expect, it } from 'vitest';
import { testDirectory } from '../../support/directories.ts';
import { noOtherUser, runAsNobody } from '../../support/other-user.ts';
import { PUBLIC_ADDRESS, runInOwnNetwork, whyNoOwnNetwork } from '../../support/own-network.ts';
import { NOBODY, skipFor } from '../../support/privileges.ts';
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

/** Codex tells it as it is, or, where the command could not be waited for, in an error of its own that quotes it. */
const blocked = (host: string, why: string) =>
  expect.stringMatching(new RegExp(`Network access to \\\\?"${host.replaceAll('.', '\\.')}\\\\?" was blocked: ${why}`));
const notListed = (host: string) => blocked(host, 'domain is not on the allowlist');
const isOfThisMachine = (host: string) => blocked(host, 'local/private network addresses');
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
      const answers = ['REACHED', ...refused, ...refused];
      // Nor does a command leave anything in the home of the user when codex kills it for its question.
      expect(report).toEqual({ uid, status: 'done', asked: 2, answers, left: [] });
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
        left: [],
      });
    });
  },
);

const MYSELF = { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };

describe.each([
  { who: 'this user', user: MYSELF },
  { who: 'an unprivileged user', user: NOBODY },
])('a run with a list of hosts where their names mean something, as $who', ({ user }) => {
  it('reaches those that are listed, by the proxy, and no other name of the same server, nor its address', async ({
    skip,
  }) => {
    skipFor(whyNoOwnNetwork, skip);
    const reached = ['listed.example', 'www.wild.example'];
    const refused = ['unlisted.example', 'wild.example', PUBLIC_ADDRESS];
    const options: NetworkOptions = {
      listed: ['listed.example', '*.wild.example', 'private.example'],
      address: PUBLIC_ADDRESS,
      questions: [
        ...[...reached, ...refused, 'private.example'].map((host) => ({ host })),
        { host: 'listed.example', isDirect: true },
        { host: 'listed.example', isEscalated: true },
        { host: 'unlisted.example', isEscalated: true },
        { host: 'listed.example', isDirect: true, isEscalated: true },
      ],
    };
    const network = { user, names: [...reached, ...refused.slice(0, 2)], localNames: ['private.example'] };
    const printed = await runInOwnNetwork(network, 'test/e2e/sandbox/network-run.ts', (root) => [
      root,
      JSON.stringify(options),
    ]);
    expect(JSON.parse(printed)).toEqual({
      uid: user.uid,
      status: 'done',
      asked: 3,
      answers: [
        ...reached.map(() => 'REACHED'),
        ...refused.map(notListed),
        // Listed, but it leads to this machine: whoever has the name could let commands in there.
        isOfThisMachine('private.example'),
        noWayButTheProxy,
        'REACHED',
        notListed('unlisted.example'),
        noWayButTheProxy,
      ],
      left: [],
    });
  });
});
