import { connect as connectTo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { quote } from '../../src/hosts/quote.ts';
import { checkSandbox } from '../../src/session/sandbox-check.ts';
import { MemoryCodex } from '../support/memory-codex.ts';

interface Exec {
  readonly command: readonly [string, string, string];
}

const result = (stdout: string, more: object = {}) => ({ result: { exitCode: 0, stdout, stderr: '', ...more } });

/** Checks the sandbox of a codex in memory that answers a command like this. */
function check(
  answer: (exec: Exec, codex: MemoryCodex) => unknown,
  more: { hasHostList?: boolean; codexHome?: string } = {},
) {
  const codex: MemoryCodex = new MemoryCodex({
    'command/exec': (exec) => answer(exec, codex) as ReturnType<typeof result> | undefined,
  });
  const checked = checkSandbox({
    connect: async () => codex.connect(),
    codexHome: '/data/codex',
    workspace: '/repo',
    hasHostList: false,
    ...more,
  });
  return { codex, checked };
}

describe('checkSandbox', () => {
  it('has one command run in the workspace, under the profile of runs, that tries to read our configuration', async () => {
    const { codex, checked } = check(() => result('confined\n'));
    await checked;
    expect(codex.calls('command/exec')).toEqual([
      {
        command: ['/bin/sh', '-c', expect.stringContaining("cat '/data/codex/config.toml'")],
        cwd: '/repo',
        permissionProfile: 'locked',
        timeoutMs: expect.any(Number),
      },
    ]);
  });

  it('reads our configuration wherever that is', async () => {
    const { codex, checked } = check(() => result('confined\n'), { codexHome: "/home/o'brien/codex" });
    await checked;
    const [{ command }] = codex.calls('command/exec') as [Exec];
    expect(command[2]).toContain(`cat ${quote("/home/o'brien/codex/config.toml")} >`);
  });

  it.each(['it read our configuration\nconfined\n', 'confined\nand more\n'])('fails when it says %j', async (said) => {
    await expect(check(() => result(said)).checked).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining(`a command could do what it must not: ${said.trim()}`),
    });
  });

  it.each([
    ["bwrap: Can't mount /repo", /the paths of this run/],
    ['bwrap: setting up uid map: Permission denied', /user namespaces/],
    ["bwrap: Can't mount proc on /newroot/proc: Operation not permitted", /user namespaces/],
  ])('fails when no command can be run, with a remedy for %j', async (stderr, remedy) => {
    await expect(check(() => result('', { exitCode: 1, stderr })).checked).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('no command can be run in it'),
      details: { exitCode: 1, stderr, remedy: expect.stringMatching(remedy) },
    });
  });

  it.each([
    "bwrap: Can't create file at /home/ada/.aws: Read-only file system",
    "bwrap: Can't remount readonly on /newroot/home/ada/.aws: realpath(destination): No such file or directory",
  ])('tries again what another command was in the way of: %s', async (stderr) => {
    const lost = { exitCode: 1, stderr };
    let times = 0;
    const { checked } = check(() => (++times < 3 ? result('', lost) : result('confined\n')));
    await checked;
    expect(times).toBe(3);
  });

  it('tries a server of ours past a list of hosts, which listens as long as the check takes', async () => {
    const ports: number[] = [];
    const { checked } = check(
      async ({ command: [, , script] }) => {
        const port = Number(/\/dev\/tcp\/127\.0\.0\.1\/(\d+)/.exec(script)?.[1]);
        ports.push(port);
        await reach(port);
        return result('confined\n');
      },
      { hasHostList: true },
    );
    await checked;
    expect(ports).toHaveLength(1);
    await expect(reach(ports[0] ?? 0)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('tries again when the connection is cut while the command runs', async () => {
    const { codex, checked } = check(() => {
      if (codex.calls('command/exec').length === 1) return codex.hangUp();
      return result('confined\n');
    });
    await checked;
    expect(codex.calls('command/exec')).toHaveLength(2);
  });

  it('gives up when the connection is cut each time', async () => {
    const { codex, checked } = check(() => codex.hangUp());
    await expect(checked).rejects.toMatchObject({ code: 'connection-closed' });
    expect(codex.calls('command/exec')).toHaveLength(5);
  });

  it('does not try again when codex refuses, or has ended', async () => {
    const { codex, checked } = check(() => ({ error: { code: -32600, message: 'no such profile' } }));
    await expect(checked).rejects.toMatchObject({ message: expect.stringContaining('no such profile') });
    expect(codex.calls('command/exec')).toHaveLength(1);
    let attempts = 0;
    const connect = () => {
      attempts++;
      return Promise.reject(new OptioError('codex-exited', 'codex has ended'));
    };
    const options = { connect, codexHome: '/data/codex', workspace: '/repo', hasHostList: false };
    await expect(checkSandbox(options)).rejects.toMatchObject({ code: 'codex-exited' });
    expect(attempts).toBe(1);
  });
});

/** Connects, and resolves when somebody was there. */
function reach(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectTo(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
