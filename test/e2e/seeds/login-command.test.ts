import { describe, expect, it } from 'vitest';
import { connect } from '../../../src/compose/connect.ts';
import type { SeedLogin } from '../../../src/contract/seed-login.ts';
import { type StartedIdentity, startIdentity } from '../../support/identity.ts';
import { until } from '../../support/processes.ts';
import { leaksIn, leftOf } from '../../support/seed-logins.ts';
import { type CommandPlace, makeCommandPlace, type RunningCommand, runCommand, startCommand } from '../cli/command.ts';

/** A place whose server, and what that starts, come to a fake provider in the place of OpenAI. */
async function makePlace(): Promise<StartedIdentity & { readonly place: CommandPlace }> {
  const at = await startIdentity();
  const place = await makeCommandPlace();
  return { ...at, place: { ...place, env: { ...place.env, ...at.env } } };
}

async function codeOf({ stdout }: RunningCommand): Promise<string> {
  const find = () => /\b[0-9A-F]{4}-[0-9A-F]{5,6}\b/.exec(stdout())?.[0];
  await until(() => find() !== undefined, 'a code');
  return find() ?? '';
}

describe('seed add', () => {
  it('lets somebody log in with a code, and saves it; once more with --again', async () => {
    const { identity, place } = await makePlace();
    const account = identity.addAccount({ email: 'ada@example.org' });
    const adding = startCommand(place, ['seed', 'add', 'work', '--pool', 'team']);
    const code = await codeOf(adding);
    expect(adding.stdout()).toContain('\n  https://auth.openai.com/codex/device\n');
    expect(adding.stdout()).toContain(`\n  ${code}\n`);
    identity.devices.decide(code, account);
    const { code: exit, stdout, stderr } = await adding.ended;
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toContain('work is saved: ada@example.org, plan pro.\n');

    const taken = await runCommand(place, ['seed', 'add', 'work']);
    expect(taken).toMatchObject({ code: 2, stderr: expect.stringContaining('there is a seed "work" already') });

    const again = startCommand(place, ['seed', 'add', 'work', '--again', '--json']);
    identity.devices.decide(await codeOf(again), account);
    const told = (await again.ended).stdout
      .trim()
      .split('\n')
      .map((line): SeedLogin => JSON.parse(line));
    const states = told.map(({ state }) => state);
    expect(states.filter((state) => state !== 'starting' && state !== 'saving')).toEqual(['waiting', 'done']);
    const listed = JSON.parse((await runCommand(place, ['seed', 'ls', '--json'])).stdout);
    expect(listed.seeds).toMatchObject([{ id: 'work', pool: 'team', version: 2, account: { accountId: account.id } }]);
    expect(leftOf(place.dataDir)).toEqual([]);
    // Neither what was saved, nor the log of the server, nor what the command said.
    expect(leaksIn(place.dataDir, identity)).toEqual([]);
    for (const secret of identity.ledger.secrets) expect(stdout + JSON.stringify(told)).not.toContain(secret);
  });

  it('gives it up at Ctrl-C, and nothing is left', async () => {
    const { place } = await makePlace();
    const adding = startCommand(place, ['seed', 'add', 'work']);
    await codeOf(adding);
    adding.child.kill('SIGINT');
    expect(await adding.ended).toMatchObject({ code: 130, stdout: expect.stringContaining('Given up') });
    expect(leftOf(place.dataDir)).toEqual([]);
    await using api = await connect({ env: place.env });
    expect(await api.seedLogins()).toMatchObject([{ state: 'cancelled' }]);
    expect(await api.listSeeds()).toEqual([]);
  });

  it('says in words what is to be done where codes are not allowed', async () => {
    const { identity, place } = await makePlace();
    identity.faults.always('device-start', { kind: 'status', status: 404 });
    const { code, stderr } = await runCommand(place, ['seed', 'add', 'work']);
    expect(code).toBe(1);
    expect(stderr).toContain('security settings');
    expect(stderr).toContain('--browser');
  });
});

describe('a login over HTTP', () => {
  it('that could not be saved is saved by hand, from where it is said to be, and nothing is left of it', async () => {
    const { identity, place } = await makePlace();
    const account = identity.addAccount();
    await using api = await connect({ env: place.env });
    const begun = await api.startSeedLogin({ id: 'work' });
    const waiting = await api.seedLogin(begun.id, { seen: 'starting' });
    await api.addSeed({ id: 'work', apiKey: 'sk-1234567890' }); // somebody takes the name meanwhile
    identity.devices.decide(waiting.userCode ?? '', account);
    let login = waiting;
    while (login.state === 'waiting' || login.state === 'saving')
      login = await api.seedLogin(begun.id, { seen: login.state });
    expect(login).toMatchObject({
      state: 'failed',
      error: { code: 'invalid-input', message: expect.stringContaining('there is a seed') },
    });
    const [, file = ''] = /--from ([^`]+)`/.exec(login.error?.remedy ?? '') ?? [];
    const saved = await runCommand(place, ['seed', 'add', 'other', '--from', file]);
    expect(saved).toMatchObject({ code: 0, stdout: 'other is saved.\n' });
    expect(await api.listSeeds()).toMatchObject([{ id: 'other', account: { accountId: account.id } }, { id: 'work' }]);
    expect(leftOf(place.dataDir)).toEqual([]);
    expect(leaksIn(place.dataDir, identity)).toEqual([]);
  });
});
