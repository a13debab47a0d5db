import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judge, type ProbeTargets, probeCommand } from '../src/sandbox-probe.ts';
import { testDirectory } from './support/directories.ts';

const TARGETS: ProbeTargets = { nonce: 'a1b2', secret: '/data/secret', outside: '/repo/outside', port: 4321 };
const DENIED = 'ran:a1b2\nbash: /repo/outside: Read-only file system\ncat: /data/secret: Permission denied\n';

describe('probeCommand', () => {
  it('tries to write, to read and to connect', () => {
    const command = probeCommand(TARGETS);
    expect(command).toContain("> '/repo/outside'");
    expect(command).toContain("cat '/data/secret'");
    expect(command).toContain('/dev/tcp/127.0.0.1/4321');
  });
});

describe('probeCommand, run by a shell that nothing confines', () => {
  it('does all that it tries, whatever the paths are', async () => {
    const server = createServer((_, response) => response.end('reached:a1b2'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const root = testDirectory("o'brien");
    const [secret, outside] = [join(root, 'secret'), join(root, 'outside')];
    writeFileSync(secret, 'read:a1b2\n');
    const command = probeCommand({ nonce: 'a1b2', secret, outside, port: (server.address() as AddressInfo).port });
    const { stdout } = await promisify(execFile)('bash', ['-c', command]);
    expect(judge(TARGETS, stdout, existsSync(outside)).map(({ status }) => status)).toEqual([
      'ok',
      'failed',
      'failed',
      'failed',
    ]);
  });
});

describe('judge', () => {
  const statuses = (output: string, hasWritten: boolean) =>
    Object.fromEntries(judge(TARGETS, output, hasWritten).map(({ name, status }) => [name, status]));
  const allDenied = {
    'sandbox: commands': 'ok',
    'sandbox: write outside': 'ok',
    'sandbox: read our data': 'ok',
    'sandbox: network': 'ok',
  };

  it('is content when everything was denied', () => {
    expect(statuses(DENIED, false)).toEqual(allDenied);
  });

  it.each([
    ['write outside', DENIED, true],
    ['read our data', `${DENIED}read:a1b2`, false],
    ['network', `${DENIED}reached:a1b2`, false],
  ])('says when a command could %s', (what, output, hasWritten) => {
    expect(statuses(output, hasWritten)).toEqual({ ...allDenied, [`sandbox: ${what}`]: 'failed' });
  });

  it('says so when no command ran at all, however little was reached then', () => {
    const [check, ...others] = judge(TARGETS, 'bwrap: setting up uid map: Permission denied', false);
    expect(check).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('bwrap'),
      remedy: expect.any(String),
    });
    expect(others).toEqual([]);
  });

  it('does not take what another probe wrote for its own', () => {
    expect(statuses(`${DENIED}read:ffff reached:ffff`, false)).toEqual(allDenied);
  });
});
