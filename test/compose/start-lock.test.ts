import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withStartLock } from '../../src/compose/start-lock.ts';
import { testDirectory } from '../support/directories.ts';

const FILE = 'server-start.lock';

describe('withStartLock', () => {
  it('lets one act at a time, whatever becomes of it', async () => {
    const dataDir = testDirectory();
    const gate = Promise.withResolvers<void>();
    const done: string[] = [];
    const failing = withStartLock(dataDir, async () => {
      await gate.promise;
      done.push('first');
      throw new Error('it could not');
    });
    const others = [1, 2, 3].map((number) => withStartLock(dataDir, async () => done.push(`other ${number}`)));
    gate.resolve();
    await expect(failing).rejects.toThrow('it could not');
    await Promise.all(others);
    expect(done[0]).toBe('first');
    expect(done).toHaveLength(4);
  });

  it('gives up on one who takes too long', async () => {
    const dataDir = testDirectory();
    await withStartLock(dataDir, async () => {
      const second = withStartLock(dataDir, async () => 'in vain', { patienceMs: 50 });
      await expect(second).rejects.toMatchObject({
        code: 'server-unreachable',
        message: 'another command has been starting a server for too long',
        details: { remedy: expect.stringContaining('optio-codex serve') },
      });
    });
    expect(await withStartLock(dataDir, async () => 'free again')).toBe('free again');
  });

  it('comes free when its holder is killed', async () => {
    const dataDir = testDirectory();
    const text = `new (require('node:sqlite').DatabaseSync)(${JSON.stringify(join(dataDir, FILE))}).exec('begin exclusive'); console.log('held'); setInterval(() => {}, 1000)`;
    const holder = spawn(process.execPath, ['-e', text]);
    onTestFinished(() => void holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    await expect(withStartLock(dataDir, async () => {}, { patienceMs: 0 })).rejects.toThrow('for too long');
    holder.kill('SIGKILL');
    expect(await withStartLock(dataDir, async () => 'mine')).toBe('mine');
  });

  it('is a file that nobody else may read', async () => {
    const dataDir = testDirectory();
    await withStartLock(dataDir, async () => {});
    expect(statSync(join(dataDir, FILE)).mode & 0o777).toBe(0o600);
  });

  it('says which file cannot be written', async () => {
    const dataDir = join(testDirectory(), 'data');
    writeFileSync(dataDir, 'no directory');
    await expect(withStartLock(dataDir, async () => {})).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining(`${join(dataDir, FILE)} cannot be written: `),
      details: { field: 'dataDir', remedy: expect.stringContaining('OPTIO_CODEX_HOME') },
    });
  });
});
