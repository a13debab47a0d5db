import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCodexBinary } from '../../../src/codex/binary.ts';
import { startBare, toBareClient } from '../../support/bare-client.ts';
import { BINARIES, NEWEST, OLDEST, startCodex, type TestedBinary } from '../../support/codex.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { failureOf } from '../../support/failure.ts';
import { until } from '../../support/processes.ts';

const CLIENT = { name: 'somebody', title: 'Somebody', version: '1' };

describe.each(BINARIES)('how codex $version starts', (binary) => {
  it('keeps back whatever a client opts out of, also the end of a turn', async () => {
    const { codex, workspace } = await startCodex({ binary, isRaw: true });
    const { connection, client, startThread, startTurn, notified, of } = toBareClient(codex.link.transport);
    const optOutNotificationMethods = ['turn/completed', 'no/such/thing'];
    await connection.call('initialize', { clientInfo: CLIENT, capabilities: { optOutNotificationMethods } });
    await client.initialized();
    await startTurn(await startThread({ cwd: workspace }), '!say hello');
    await notified('thread/status/changed', ({ status }) => status.type === 'idle');
    await client.call('model/list', {});
    expect([of('turn/started').length, of('turn/completed').length]).toEqual([1, 0]);
  });

  it('answers every mistake with the same code: what it wants first, or once, or does not know', async () => {
    const { codex, workspace } = await startCodex({ binary, isRaw: true });
    const { connection } = toBareClient(codex.link.transport);
    const threadId = '01a202b8-c7aa-7bc1-b75f-8622390fdd09';
    const mistakes = [
      ['model/list', {}, 'Not initialized'],
      ['initialize', { clientInfo: CLIENT }, undefined],
      ['initialize', { clientInfo: CLIENT }, 'Already initialized'],
      ['no/such/method', {}, 'unknown variant'],
      ['thread/start', { cwd: 7 }, 'invalid type'],
      ['thread/start', { cwd: workspace, dynamicTools: [] }, 'requires experimentalApi'],
      ['thread/backgroundTerminals/clean', { threadId }, 'requires experimentalApi'],
      ['turn/start', { threadId, input: [] }, 'thread not found'],
    ] as const;
    for (const [method, params, message] of mistakes) {
      const call = connection.call(method, params);
      if (message === undefined) await call;
      else
        expect((await failureOf(call)).details.data).toMatchObject({
          code: -32600,
          message: expect.stringContaining(message),
        });
    }
  });

  it('is known to the provider by the name that its client gives', async () => {
    const { codex, workspace, model } = await startCodex({ binary, isRaw: true });
    const { connection, client, startThread, runTurn } = toBareClient(codex.link.transport);
    await connection.call('initialize', { clientInfo: CLIENT });
    await client.initialized();
    await runTurn(await startThread({ cwd: workspace }), '!say hello');
    const { headers } = model.requests[0] ?? {};
    expect(headers).toMatchObject({ originator: 'somebody', 'user-agent': expect.stringMatching(/^somebody\//) });
  });

  it('speaks unasked before there is any thread', async () => {
    const { notified, of } = await startBare({ binary });
    await notified('remoteControl/status/changed');
    expect(of('thread/started')).toEqual([]);
  });

  it('makes and uses ~/.codex when nobody names a home', async () => {
    const home = testDirectory('user');
    const child = spawn(binary.path, ['app-server'], { env: { HOME: home }, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.write(`${JSON.stringify({ id: 1, method: 'initialize', params: { clientInfo: CLIENT } })}\n`);
    const [answer] = await once(child.stdout, 'data');
    child.stdin.end();
    await once(child, 'exit');
    expect(JSON.parse(String(answer).split('\n')[0] ?? '')).toMatchObject({
      result: { codexHome: join(home, '.codex') },
    });
    expect(readdirSync(join(home, '.codex'))).toContain('installation_id');
  });

  it('executes a bwrap that it finds on its PATH, to try it', async () => {
    const told = join(testDirectory('told'), 'told');
    const bin = testDirectory('bin');
    writeFileSync(join(bin, 'bwrap'), `#!/bin/sh\necho "$@" >> '${told}'\nexit 1\n`, { mode: 0o755 });
    const { client } = await startBare({ binary, env: { PATH: `${bin}:${process.env.PATH}` } });
    await client.call('model/list', {});
    await until(() => existsSync(told), 'its being executed');
  });

  it('makes no links to its own programs in a home below the directory for temporary files', async () => {
    const { codex } = await startBare({ binary, env: { TMPDIR: dirname(testDirectory()) } });
    await until(() => codex.process.stderrTail().includes('Refusing to create helper binaries'), 'the warning');
  });
});

describe('the script of the npm package', () => {
  it('leaves codex running when it is killed (0.142), and is not taken for codex', async () => {
    const path = join(import.meta.dirname, '../../binaries/node_modules/codex-oldest/bin/codex.js');
    const { codex, client } = await startBare({ binary: { ...OLDEST, path }, over: 'socket' });
    process.kill(codex.process.identity.pid, 'SIGKILL');
    await codex.process.exited;
    await expect(client.call('model/list', {})).resolves.toBeDefined();
    expect(() => findCodexBinary(path)).toThrow(expect.objectContaining({ code: 'codex-not-found' }));
  });
});

describe('ten of them that start on one fresh home', () => {
  /** The exit codes of those that did not answer. */
  async function startTen(binary: TestedBinary, config: string): Promise<readonly (number | null)[]> {
    const home = testDirectory('fresh');
    copyFileSync(config, join(home, 'config.toml'));
    const children = Array.from({ length: 10 }, () =>
      spawn(binary.path, ['app-server'], { env: { CODEX_HOME: home, HOME: subdirectory(home, 'user') } }),
    );
    const codes = children.map(async (child) => {
      child.stdin.on('error', () => {});
      child.stdin.write(`${JSON.stringify({ id: 1, method: 'initialize', params: { clientInfo: CLIENT } })}\n`);
      child.stdout.once('data', () => child.stdin.end());
      child.stderr.resume();
      return (await once(child, 'exit'))[0] as number | null;
    });
    return (await Promise.all(codes)).filter((code) => code !== 0);
  }

  it('break each other (0.142), or do not (0.169)', async () => {
    const { home } = await startCodex({ isRaw: true });
    const config = join(home, 'config.toml');
    expect(await startTen(NEWEST, config)).toEqual([]);
    let failed: readonly (number | null)[] = [];
    await until(async () => {
      failed = await startTen(OLDEST, config);
      return failed.length > 0;
    }, 'the failure of one');
    expect(new Set(failed)).toEqual(new Set([1]));
  });
});
