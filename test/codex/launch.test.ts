import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type CodexLaunchOptions, launchCodex, SESSION_MARK, sessionMark } from '../../src/codex/launch.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { FAKE_ENV, fakePath } from '../support/fakes.ts';
import { countMarked, until } from '../support/processes.ts';
import { collect } from '../support/receiver.ts';

async function launch(options: Partial<CodexLaunchOptions> = {}) {
  const home = join(testDirectory('launch'), 'home');
  mkdirSync(home);
  const codex = await launchCodex({
    host: new LocalHost({ home }),
    binary: fakePath('app-server.ts'),
    codexHome: home,
    cwd: home,
    env: FAKE_ENV,
    session: `launch-${process.pid}`,
    over: 'streams',
    ...options,
  });
  onTestFinished(async () => void (await codex.stop()));
  return { codex, home };
}

describe('launchCodex', () => {
  it('starts an app-server that answers over its streams, and stops all of it', async () => {
    const { codex } = await launch();
    const seen = collect(codex.link.transport);
    await codex.link.transport.send('{"id":1,"method":"initialize","params":{}}');
    await until(() => seen.messages.length === 1, 'the answer');
    expect(JSON.parse(seen.messages[0] ?? '')).toMatchObject({ id: 1, result: { codexHome: '/' } });
    await codex.stop();
    await expect(codex.link.exited).resolves.toBeDefined();
    expect(countMarked(codex.mark)).toBe(0);
  });

  it('has one connection only over its streams', async () => {
    const { codex } = await launch();
    await expect(codex.connect()).rejects.toMatchObject({ code: 'codex-unsupported' });
  });

  it('shows both directions to a trace, and a trace that throws breaks nothing', async () => {
    const traced: string[] = [];
    const { codex } = await launch({
      trace: (direction, text) => {
        traced.push(`${direction} ${text.slice(0, 8)}`);
        throw new Error('a broken trace');
      },
    });
    const seen = collect(codex.link.transport);
    await codex.link.transport.send('{"id":1,"method":"initialize","params":{}}');
    await until(() => seen.messages.length === 1, 'the answer');
    expect(traced).toEqual(['out {"id":1,', 'in {"id":1,']);
  });

  it('says how a codex ended that never listened, and leaves nothing behind', async () => {
    const session = `never-listens-${process.pid}`;
    const home = realpathSync(testDirectory('launch'));
    const binary = join(home, 'leaves-a-child');
    writeFileSync(binary, '#!/bin/sh\nsleep 600 &\necho last words >&2\nexit 3\n', { mode: 0o700 });
    const started = launch({ over: 'socket', binary, codexHome: home, session });
    await expect(started).rejects.toMatchObject({
      code: 'codex-start-failed',
      message: 'codex exited with 3 before it listened: last words',
      details: { exitCode: 3, signal: null, stderr: 'last words' },
    });
    expect(countMarked(sessionMark(session, home))).toBe(0);
  });

  it('keeps the last words of a codex that said much before it ended, and no more', async () => {
    const failure = await failureOf(launch({ over: 'socket', binary: fakePath('ends-with-many-words.sh') }));
    expect(failure).toMatchObject({ code: 'codex-start-failed', details: { exitCode: 3 } });
    const lines = failure.details.stderr?.split('\n') ?? [];
    expect([lines.length, lines.at(-2), lines.at(-1)]).toEqual([
      20,
      'line 5000 of a log that goes on and on',
      'error: no such home',
    ]);
  });

  it('gives codex the environment that it was told, its home and nothing of ours', async () => {
    const host = new LocalHost();
    const start = vi.spyOn(host, 'start').mockRejectedValue(new Error('not started'));
    await expect(launch({ host, env: { A: 'a', CODEX_HOME: '/elsewhere' }, codexHome: '/nowhere' })).rejects.toThrow();
    expect(start.mock.calls[0]?.[0]).toMatchObject({
      command: [fakePath('app-server.ts'), 'app-server'],
      env: { A: 'a', CODEX_HOME: '/nowhere' },
      output: 'streams',
    });
    expect(Object.keys(start.mock.calls[0]?.[0].env ?? {})).toEqual(['A', 'CODEX_HOME']);
  });

  it('rejects when there is no such binary', async () => {
    await expect(launch({ binary: '/nowhere/codex' })).rejects.toThrow();
  });
});

describe('sessionMark', () => {
  it('finds the processes by a variable, and by the PATH of those that lose it', () => {
    expect(sessionMark('s', '/home')).toEqual({ name: SESSION_MARK, value: 's', pathEntry: '/home/tmp/arg0' });
  });
});
