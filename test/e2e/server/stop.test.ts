import { describe, expect, it } from 'vitest';
import { escalate, type ModelRequest, pause, say } from '../../../src/testing/index.ts';
import { until } from '../../support/processes.ts';
import { type CommandPlace, makeCommandPlace, startCommand } from '../cli/command.ts';
import { apiOf, serversOf } from './lives.ts';

const LONG = { timeout: 180_000 };

/** A place whose model asks for a command, waits for `goOn`, or says something, as the message wishes. */
async function makeStopPlace(env: Readonly<Record<string, string>> = {}) {
  const gate = Promise.withResolvers<void>();
  const script = ({ userText }: ModelRequest) => {
    if (userText.includes('ask')) return [escalate('touch made')];
    return userText.includes('wait') ? [pause(gate.promise), say('At last.')] : [say('Done.')];
  };
  const place = await makeCommandPlace(script);
  return { place: { ...place, env: { ...place.env, ...env } }, goOn: () => gate.resolve() };
}

async function launch(place: CommandPlace, message: string, ...flags: readonly string[]): Promise<string> {
  const { stdout, stderr } = await startCommand(place, ['run', '-d', '--fresh', ...flags, ...place.provider, message])
    .ended;
  expect(stderr).toBe('');
  return stdout.trim();
}

async function stop(place: CommandPlace, ...flags: readonly string[]) {
  const { code, stdout, stderr } = await startCommand(place, ['stop', ...flags]).ended;
  expect(code).toBe(0);
  expect(serversOf(place)).toEqual([]);
  return { stdout: stdout.replace(/process \d+/, 'process PID'), stderr };
}

describe('stop', LONG, () => {
  it('says what goes on without the server, and what waits for an answer', async () => {
    const { place } = await makeStopPlace();
    expect(await stop(place)).toEqual({ stdout: 'No server runs here.\n', stderr: '' });
    const id = await launch(place, 'ask');
    const api = await apiOf(place);
    await until(async () => (await api.requests()).length === 1, 'the request');
    const { stdout } = await stop(place);
    expect(stdout.split('\n')).toEqual([
      'Stopped the server (process PID).',
      '1 run goes on without it, and the next server takes it up:',
      `  ${id}`,
      '1 request waits for an answer: optio-codex requests',
      'Any command starts a server again, for example: optio-codex ps',
      '',
    ]);
    expect(await api.requests()).toMatchObject([{ runId: id }]); // by a new server
  });

  it('keeps nobody who waits for a run from hearing of its end', async () => {
    const { place, goOn } = await makeStopPlace();
    const id = await launch(place, 'wait');
    await place.model.request();
    const api = await apiOf(place);
    const waiting = [
      ['wait', id],
      ['wait', id, '--json'],
      ['attach', id],
    ].map((argv) => startCommand(place, argv));
    await until(async () => (await api.stats()).readers > 0, 'that one of them reads');
    expect(serversOf(place)).toHaveLength(1);
    expect((await startCommand(place, ['stop']).ended).code).toBe(0);
    goOn();
    const ended = await Promise.all(waiting.map((command) => command.ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(ended.map(({ stderr }) => stderr).join('')).not.toContain('store');
  });

  it('cancels what is under way with --cancel', async () => {
    const { place } = await makeStopPlace();
    const id = await launch(place, 'wait');
    await place.model.request();
    expect(await stop(place, '--cancel')).toEqual({
      stdout: 'Stopped the server (process PID).\nWhatever was under way is cancelled.\n',
      stderr: 'Cancelling what is under way.\n',
    });
    const api = await apiOf(place);
    expect((await (await api.find(id)).details()).state).toBe('cancelled');
  });

  it('lets it come to its end with --drain, and launches nothing meanwhile', async () => {
    const { place, goOn } = await makeStopPlace();
    const id = await launch(place, 'wait');
    await place.model.request();
    const stopping = startCommand(place, ['stop', '--drain', '10']);
    await until(() => stopping.stderr() !== '', 'the word that it waits');
    expect(stopping.stderr()).toBe('Waiting for what is under way to end, 10 min 00 s at most.\n');
    const refused = await startCommand(place, ['run', '-d', '--fresh', ...place.provider, 'no']).ended;
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('(launch-refused)') });
    goOn();
    const { code, stdout } = await stopping.ended;
    expect(code).toBe(0);
    expect(stdout).toContain(`1 run was under way. What has not ended meanwhile goes on without it:\n  ${id}\n`);
    const api = await apiOf(place);
    expect((await (await api.find(id)).details()).state).toBe('done');
    expect((await api.list()).runs).toHaveLength(1);
  });
});

describe('a second stop', LONG, () => {
  it('ends the wait of the first, cancels where it is to, and both say what is so', async () => {
    const { place } = await makeStopPlace();
    const id = await launch(place, 'wait');
    await place.model.request();
    const first = startCommand(place, ['stop', '--drain', '30']);
    await until(() => first.stderr() !== '', 'the word that it waits');
    const longer = startCommand(place, ['stop', '--drain', '60']);
    await until(() => longer.stderr() !== '', 'the word that the other waits');
    expect(longer.stderr()).toMatch(/^Waiting for what is under way to end, (30 min 00 s|29 min \d\d s) at most\.\n$/);
    expect(await stop(place, '--cancel')).toEqual({
      stdout: 'Stopped the server (process PID).\nWhatever was under way is cancelled.\n',
      stderr: 'Cancelling what is under way.\n',
    });
    for (const { ended } of [first, longer]) {
      const { code, stdout } = await ended;
      expect(code).toBe(0);
      expect(stdout).toContain('1 run was under way. What has not ended meanwhile goes on without it:');
    }
    const api = await apiOf(place);
    expect((await (await api.find(id)).details()).state).toBe('cancelled');
  });

  it('leaves at once what the first has waited for', async () => {
    const { place, goOn } = await makeStopPlace();
    const id = await launch(place, 'wait');
    await place.model.request();
    const first = startCommand(place, ['stop', '--drain', '30']);
    await until(() => first.stderr() !== '', 'the word that it waits');
    expect((await stop(place)).stdout).toContain(`1 run goes on without it, and the next server takes it up:\n  ${id}`);
    expect((await first.ended).code).toBe(0);
    goOn();
    const api = await apiOf(place);
    expect((await (await api.find(id)).outcome).status).toBe('done');
  });
});

describe('a server that a command has started', LONG, () => {
  it('ends by itself when nobody needs it, and not before', async () => {
    const { place, goOn } = await makeStopPlace({ OPTIO_CODEX_IDLE_MS: '1000' });
    const id = await launch(place, 'wait');
    const [server] = serversOf(place);
    const watching = startCommand(place, ['logs', '-f', id]);
    await until(() => watching.stdout().includes('> wait'), 'the journal');
    expect(serversOf(place)).toEqual([server]);
    goOn();
    expect((await watching.ended).code).toBe(0);
    await until(() => serversOf(place).length === 0, 'the end of the server');
    const log = await startCommand(place, ['ps', '-a', '--json']).ended;
    expect(JSON.parse(log.stdout).runs).toMatchObject([{ id, state: 'done' }]);
  });
});
