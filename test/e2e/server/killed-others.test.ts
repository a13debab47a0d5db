import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCommand } from '../cli/command.ts';
import { hasEnded, type MortalPlace, makeMortalPlace } from './mortal-place.ts';

/** Each death takes its time on a machine that does other things as well. */
const LONG = { timeout: 300_000 };

/** Runs a command line whose server dies once it has done it, before anybody is told; it says what is so all the same. */
async function told({ survive }: MortalPlace, request: RegExp, ...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await survive(argv, request, 'after');
  expect({ argv, code, stderr }).toEqual({ argv, code: 0, stderr: '' });
  return stdout;
}

describe('the death of the server in the middle of', LONG, () => {
  it('what is done with the workspace and the controls of a run: it is done', async () => {
    const mortal = await makeMortalPlace();
    const { place, begin, idleAfter, find } = mortal;
    const id = await begin('!say Hello.', '--stay');
    await idleAfter(id, 1);
    writeFileSync(join(place.workspace, 'here.txt'), 'from here');
    await told(mortal, /PUT .*\/file\?/, 'files', id, 'put', join(place.workspace, 'here.txt'));
    expect(await told(mortal, /GET .*\/files/, 'files', id)).toContain('here.txt');
    expect(await told(mortal, /GET .*\/file\?/, 'files', id, 'get', 'here.txt', '-o', '-')).toBe('from here');
    await told(mortal, /PATCH .*\/controls/, 'model', id, '--effort', 'high');
    await told(mortal, /PATCH .*\/budget/, 'budget', id, '--turns', '9');
    expect(await (await find(id)).view()).toMatchObject({ budget: { turns: 9 } });
    const sent = await told(mortal, /POST .*\/messages/, 'send', id, '--wait', '!say Heard.');
    expect(sent.match(/Heard\./g)).toHaveLength(1);
    await idleAfter(id, 2);
    await mortal.run('send', id, '!pause 4000\n!say Late.');
    await told(mortal, /POST .*\/messages/, 'send', id, '--steer', 'Hurry.');
    await idleAfter(id, 3);
  });

  it('what concerns many runs, or none: it is so once, or it says that it may be', async () => {
    const mortal = await makeMortalPlace();
    const { api, place, survive, begin, detailsWhen, idleAfter } = mortal;
    expect(await told(mortal, /GET .*\/models/, 'models', '--json')).toContain('"models":[');
    const block = await told(
      mortal,
      /POST .*\/blocks/,
      'block',
      '--reason',
      'why',
      '--persist',
      '--tag',
      'a=b',
      '--json',
    );
    const blocks = await api.blocks();
    expect(blocks.map(({ id }) => id)).toEqual([JSON.parse(block).id]);
    expect(await told(mortal, /GET .*\/blocks/, 'blocks', '--json')).toContain('"why"');
    await told(mortal, /DELETE .*\/blocks/, 'unblock', blocks[0]?.id ?? '');
    expect(await api.blocks()).toEqual([]);

    const { id: token, secret } = await api.createToken({ name: 'ada', role: 'viewer' });
    expect(await told(mortal, /GET .*\/tokens/, 'token', 'ls', '--json')).toContain('"ada"');
    await told(mortal, /DELETE .*\/tokens/, 'token', 'rm', token);
    expect(await api.tokens()).toEqual([]);

    await api.addTask({ id: 'nightly', config: { instructions: 'Go', workspace: { directory: place.workspace } } });
    expect(await told(mortal, /GET .*\/tasks\/nightly/, 'task', 'show', 'nightly', '--json')).toContain('"nightly"');
    await told(mortal, /POST .*\/pause/, 'task', 'pause', 'nightly');
    expect(await api.task('nightly')).toMatchObject({ isPaused: true });
    await told(mortal, /POST .*\/resume/, 'task', 'resume', 'nightly');
    expect(await api.task('nightly')).toMatchObject({ isPaused: false });

    const id = await begin('!say Hello.', '--stay', '--tag', 'team=red');
    await idleAfter(id, 1);
    const cancelled = await survive(['cancel', '--tag', 'team=red'], /POST .*\/cancel/, 'after');
    expect(cancelled).toMatchObject({ code: 1, stderr: expect.stringContaining('It may have been done all the same') });
    expect((await detailsWhen(id, hasEnded, 'the end')).state).toBe('cancelled');
    const { pid } = await api.server();
    mortal.orderDeath(/DELETE .*\/runs/, 'after');
    // In a process of its own: what has ended by now is a question of its clock.
    expect(await startCommand(place, ['rm', '--ended', '-f']).ended).toMatchObject({ code: 0, stderr: '' });
    expect((await api.server()).pid).not.toBe(pid);
    expect((await api.list()).runs).toEqual([]);

    const secrets = [secret, readFileSync(join(place.dataDir, 'token'), 'utf8').trim()];
    for (const name of ['server.out', 'server.log']) {
      const text = readFileSync(join(place.dataDir, 'logs', name), 'utf8');
      expect(
        secrets.filter((one) => text.includes(one)),
        name,
      ).toEqual([]);
    }
  });

  it('the demo: there is one, and its end is told', async () => {
    const { survive, api } = await makeMortalPlace();
    const { code } = await survive(['demo', '--yes'], /POST .*\/demo/, 'after');
    const { runs } = await api.list();
    expect(runs).toHaveLength(1);
    const { status } = await (await api.find(runs[0]?.id ?? '')).outcome;
    // The model of a demo dies with its server, and with that the run.
    expect({ code, status }).toEqual({ code: 130, status: 'cancelled' });
  });
});
