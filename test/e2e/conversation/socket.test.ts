import { existsSync, lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CodexProcess, launchCodex } from '../../../src/codex/launch.ts';
import { LocalHost } from '../../../src/hosts/local.ts';
import { NEWEST } from '../../support/codex.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { failureOf } from '../../support/failure.ts';

const LONG = 'x'.repeat(60);
let count = 0;

/** Starts the real codex on this home, listening on its socket. */
async function launch(home: string): Promise<CodexProcess> {
  const codex = await launchCodex({
    host: new LocalHost({ home }),
    binary: NEWEST.path,
    codexHome: home,
    cwd: home,
    env: { PATH: process.env.PATH ?? '', HOME: home },
    session: `socket-${process.pid}-${count++}`,
    over: 'socket',
  });
  onTestFinished(async () => void (await codex.stop()));
  return codex;
}

describe(`a home of codex ${NEWEST.version}`, () => {
  it('may have a name that is too long for a socket', async () => {
    const home = subdirectory(testDirectory('socket'), LONG, LONG);
    const codex = await launch(home);
    expect(lstatSync(join(home, 'app-server.sock')).isSymbolicLink()).toBe(true);
    (await codex.connect()).close();
  });

  it('may hold the socket of one that was killed: the next one takes its place', async () => {
    const home = subdirectory(testDirectory('socket'), 'home');
    const killed = await launch(home);
    process.kill(killed.process.identity.pid, 'SIGKILL');
    await killed.link.exited;
    await killed.stop();
    expect(existsSync(join(home, 'app-server.sock'))).toBe(true);
    await expect(killed.connect()).rejects.toMatchObject({ code: 'codex-exited' });
    (await (await launch(home)).connect()).close();
  });

  it('may hold no file of that name, which is told by its path', async () => {
    const home = subdirectory(testDirectory('socket'), 'home');
    writeFileSync(join(home, 'app-server.sock'), 'somebody has left this');
    const failure = await failureOf(launch(home));
    expect(failure).toMatchObject({ code: 'codex-start-failed', remedy: expect.any(String) });
    expect(failure.message).toContain(join(home, 'app-server.sock'));
  });
});
