import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testDirectory } from '../../support/directories.ts';
import { startIdentity } from '../../support/identity.ts';
import { toAuthFile } from '../../support/identity-place.ts';
import { codexOf, until } from '../../support/processes.ts';
import { markOf, type TestSpec, watchRun } from '../../support/run.ts';
import { filesWithSecrets, holdsText } from '../../support/search.ts';
import { makeSeededPlace } from '../../support/seed-run.ts';
import { killOurs, makeCommandPlace, startCommand } from '../cli/command.ts';
import { apiOf, serversOf } from '../server/lives.ts';

const FILE = { seedId: 'work', seedMode: 'file' } as const;

describe('a run with a saved login that does not come to its end', () => {
  const ends: readonly (readonly [string, Omit<TestSpec, 'instructions'>, string, 'codex' | 'cancel' | 'nothing'])[] = [
    ['has failed, mode file', FILE, '!run id\n!http 400 no', 'nothing'],
    ['was cancelled, mode file', FILE, '!run sleep 600', 'cancel'],
    ['lost its codex, mode broker', { seedId: 'work' }, '!run sleep 600', 'codex'],
    ['lost its codex, mode file', FILE, '!run sleep 600', 'codex'],
    ['lost its codex, mode key', { seedId: 'key' }, '!run sleep 600', 'codex'],
  ];

  it.each(ends)('leaves nothing of it anywhere: one that %s', async (_name, spec, instructions, kills) => {
    const place = await makeSeededPlace();
    const login = await place.addLogin('work');
    await place.optio.addSeed({ id: 'key', apiKey: place.identity.makeApiKey() });
    place.identity.lineages.refuseAccess(login.accessToken);
    const { outcome, events } = await watchRun(
      place,
      { ...spec, instructions, endRule: 'firstTurn' },
      async (event, run) => {
        if (event.type !== 'item.started' || event.item.kind !== 'command') return;
        if (kills === 'codex') process.kill(codexOf(markOf(place, run.id)), 'SIGKILL');
        if (kills === 'cancel') await run.cancel();
      },
    );
    expect(outcome.status).toBe(kills === 'cancel' ? 'cancelled' : 'failed');
    expect(existsSync(join(place.dataDir, 'optio.db-wal')), 'the log of the store was searched').toBe(true);
    const { secrets } = place.identity.ledger;
    expect(filesWithSecrets(secrets, place.dataDir, place.home, place.workspace)).toEqual([]);
    expect([...secrets].filter((secret) => holdsText(JSON.stringify(events), secret))).toEqual([]);
    expect(await place.holdsNewest('work', login)).toBe(true);
  });
});

describe('a server that is killed while runs with saved logins are under way', () => {
  it('leaves nothing of them but the file of the one that has its own, and none when they have ended', {
    timeout: 180_000,
  }, async () => {
    const { identity, env } = await startIdentity();
    const place = await makeCommandPlace();
    const trace = join(testDirectory('trace'), 'trace');
    const more = { ...env, OPTIO_CODEX_LOG_LEVEL: 'debug', OPTIO_CODEX_TRACE: trace };
    const ours = { ...place, env: { ...place.env, ...more } };
    const { secrets } = identity.ledger;
    const said: string[] = [];
    const command = async (argv: string[], input = '') => {
      const { code, stdout, stderr } = await startCommand(ours, argv, { input }).ended;
      said.push(stdout, stderr);
      expect({ argv, code, stderr }).toMatchObject({ code: 0 });
    };
    const leaks = () =>
      filesWithSecrets(
        secrets,
        place.dataDir,
        `${place.dataDir}-workspaces`,
        place.home,
        place.workspace,
        dirname(trace),
      );
    const [borrowed, planted] = [identity.login(), identity.login()];
    await command(['seed', 'add', 'borrowed', '--from', '-'], toAuthFile(borrowed));
    await command(['seed', 'add', 'planted', '--from', '-'], toAuthFile(planted));
    await command(['seed', 'add', 'key', '--api-key'], identity.makeApiKey());
    // So that each is renewed in the midst of it.
    for (const { accessToken } of [borrowed, planted]) identity.lineages.refuseAccess(accessToken);
    const go = join(place.workspace, 'go');
    const before = await apiOf(ours);
    for (const seedId of ['borrowed', 'planted', 'key']) {
      const instructions = `!run touch '${place.workspace}/${seedId}'; until [ -e '${go}' ]; do sleep 0.05; done\n!say done`;
      const workspace = { directory: place.workspace, shared: true };
      await before.run({
        ...{ instructions, workspace, seedId, model: 'gpt-5.5', autoStart: true, endRule: 'firstTurn' },
        ...(seedId === 'planted' && { seedMode: 'file' }),
      });
      await until(() => existsSync(join(place.workspace, seedId)), `the command of ${seedId}`);
    }
    killOurs(ours);
    await until(() => serversOf(ours).length === 0, 'the death of the server');
    expect(existsSync(join(place.dataDir, 'optio.db-wal'))).toBe(true);
    expect(leaks()).toEqual([expect.stringMatching(/\/data\/runs\/[\w-]+\/codex\/auth\.json$/)]);

    const after = await apiOf(ours);
    writeFileSync(go, '');
    const { runs } = await after.list();
    expect(runs).toHaveLength(3);
    for (const { id } of runs) {
      const run = await after.find(id);
      expect(await run.outcome).toMatchObject({ status: 'done', text: 'done' });
      for await (const event of run.events()) said.push(JSON.stringify(event));
      for (const verb of [
        ['show', id],
        ['show', id, '--json'],
        ['export', id],
        ['logs', id],
      ])
        await command(verb);
    }
    for (const argv of [
      ['seed', 'ls'],
      ['seed', 'ls', '--json'],
    ])
      await command(argv);
    await command(['stop']);
    expect(readFileSync(join(place.dataDir, 'logs', 'server.log'), 'utf8').match(/"msg":"serving"/g)).toHaveLength(2);
    expect(identity.ledger.refreshesOf(borrowed.lineage) + identity.ledger.refreshesOf(planted.lineage)).toBe(2);
    expect(leaks()).toEqual([]);
    expect([...secrets].filter((secret) => holdsText(said.join('\n'), secret))).toEqual([]);
  });
});
