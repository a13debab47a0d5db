import { chownSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { launchCodex } from '../../src/codex/launch.ts';
import { findSocket } from '../../src/codex/socket.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { FAKE_ENV } from '../support/fakes.ts';
import { NOBODY, skipFor } from '../support/privileges.ts';
import { countMarked } from '../support/processes.ts';

const noChown = process.getuid?.() === 0 ? undefined : 'only root can give a file to somebody else';

/** Listens on a socket, with a link to it as Codex leaves one. */
async function listen(...names: [string, ...string[]]): Promise<{ directory: string; path: string; link: string }> {
  const root = testDirectory('socket');
  const directory = subdirectory(root, ...names.slice(0, -1));
  const path = join(directory, names.at(-1) ?? '');
  const link = join(root, 'app-server.sock');
  const server = createServer((socket) => void socket.destroy());
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  symlinkSync(path, link);
  return { directory, path, link };
}

describe('the socket of a codex', () => {
  it('is where its link leads', async () => {
    const { path, link } = await listen('elsewhere', 'socket');
    expect(await findSocket(link)).toBe(realpathSync(path));
    expect(await findSocket(path)).toBe(realpathSync(path));
  });

  it('is not there yet while its link leads nowhere', async () => {
    const link = join(testDirectory('socket'), 'app-server.sock');
    symlinkSync(`${link}.later`, link);
    await expect(findSocket(link)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is refused when it is none', async () => {
    const file = join(testDirectory('socket'), 'file');
    writeFileSync(file, '');
    const error = await failureOf(findSocket(file));
    expect(error).toMatchObject({ code: 'codex-start-failed', remedy: expect.any(String) });
    expect(error.message).toContain(`${file} is no socket`);
  });

  it.for(['socket', 'directory'] as const)(
    'is refused when the %s belongs to somebody else',
    async (what, { skip }) => {
      skipFor(noChown, skip);
      const { path, directory, link } = await listen('elsewhere', 'socket');
      const theirs = what === 'socket' ? path : directory;
      chownSync(theirs, NOBODY.uid, NOBODY.gid);
      const error = await failureOf(findSocket(link));
      expect(error).toMatchObject({ code: 'codex-start-failed', remedy: expect.any(String) });
      expect(error.message).toContain(`${theirs} belongs to the user ${NOBODY.uid}, and codex runs as 0`);
    },
  );

  it('is refused when it is that of somebody else, whoever we are', async () => {
    const { path } = await listen('socket');
    const error = await failureOf(findSocket(path, (process.getuid?.() ?? 0) + 1));
    expect(error.message).toContain(`belongs to the user ${process.getuid?.()}`);
  });

  it('is refused when its name is too long for anybody to connect', async () => {
    const name = 'x'.repeat(40);
    const root = testDirectory('socket');
    // A socket gets such a name by a shorter one.
    const directory = subdirectory(root, name, name);
    symlinkSync(directory, join(root, 'short'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'short', 'socket'), resolve));
    onTestFinished(() => void server.close());
    const error = await failureOf(findSocket(join(root, 'short', 'socket')));
    expect(error).toMatchObject({ code: 'codex-start-failed', remedy: expect.stringContaining('OPTIO_CODEX_HOME') });
  });
});

it('a codex whose socket is not its own is stopped at once, and told nothing', async () => {
  const root = testDirectory('socket');
  const home = join(root, 'home');
  mkdirSync(home);
  const binary = join(root, 'waits');
  writeFileSync(binary, '#!/bin/sh\nexec sleep 600\n', { mode: 0o700 });
  writeFileSync(join(home, 'app-server.sock'), '');
  const session = `foreign-socket-${process.pid}`;
  const started = launchCodex({
    host: new LocalHost({ home }),
    binary,
    codexHome: home,
    cwd: home,
    env: FAKE_ENV,
    session,
    over: 'socket',
  });
  expect((await failureOf(started)).message).toContain('is no socket');
  expect(countMarked({ name: 'OPTIO_CODEX_RUN', value: session })).toBe(0);
});
