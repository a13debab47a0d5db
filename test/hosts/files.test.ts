import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalHost } from '../../src/hosts/local.ts';
import { testDirectory } from '../support/directories.ts';
import { makePipe } from '../support/pipes.ts';

const host = new LocalHost();
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('writeFile', () => {
  it('writes a file that only we can read', async () => {
    const file = join(testDirectory(), 'file');
    await host.writeFile(file, 'text');
    expect([readFileSync(file, 'utf8'), modeOf(file)]).toEqual(['text', 0o600]);
  });

  it('gives it the mode that it is told', async () => {
    const file = join(testDirectory(), 'file');
    await host.writeFile(file, Buffer.from([0, 255]), { mode: 0o755, durable: false });
    expect([readFileSync(file), modeOf(file)]).toEqual([Buffer.from([0, 255]), 0o755]);
  });

  it('takes the place of a file, and of its mode', async () => {
    const file = join(testDirectory(), 'file');
    writeFileSync(file, 'a longer text', { mode: 0o644 });
    await host.writeFile(file, 'text');
    expect([readFileSync(file, 'utf8'), modeOf(file)]).toEqual(['text', 0o600]);
  });

  it('takes the place of a link, and does not write through it', async () => {
    const directory = testDirectory();
    writeFileSync(join(directory, 'target'), 'untouched');
    symlinkSync('target', join(directory, 'link'));
    await host.writeFile(join(directory, 'link'), 'text');
    expect(readFileSync(join(directory, 'target'), 'utf8')).toBe('untouched');
    expect(readFileSync(join(directory, 'link'), 'utf8')).toBe('text');
  });

  it('shows readers one whole text or another while many write, and leaves nothing beside it', async () => {
    const directory = testDirectory();
    const file = join(directory, 'file');
    const texts = Array.from({ length: 50 }, (_, number) => `${number} `.repeat(50_000));
    await host.writeFile(file, texts[0] ?? '');
    let isWriting = true;
    const writing = Promise.all(texts.map((text) => host.writeFile(file, text, { durable: false }))).finally(() => {
      isWriting = false;
    });
    while (isWriting) expect(texts.includes((await host.readFile(file)).toString())).toBe(true);
    await writing;
    expect(readdirSync(directory)).toEqual(['file']);
  });

  it('leaves nothing behind when it fails', async () => {
    const directory = testDirectory();
    mkdirSync(join(directory, 'taken'));
    await expect(host.writeFile(join(directory, 'taken'), 'text')).rejects.toThrow('EISDIR');
    expect(readdirSync(directory)).toEqual(['taken']);
  });
});

describe('readFile', () => {
  it('gives the whole file, up to its limit', async () => {
    const file = join(testDirectory(), 'file');
    writeFileSync(file, '12345');
    await expect(host.readFile(file, { maxBytes: 5 })).resolves.toEqual(Buffer.from('12345'));
    await expect(host.readFile(file, { maxBytes: 4 })).rejects.toMatchObject({ code: 'message-too-large' });
  });

  it('has a limit of 16 MiB unless told otherwise', async () => {
    const file = join(testDirectory(), 'file');
    writeFileSync(file, Buffer.alloc(16 * 1024 * 1024));
    await expect(host.readFile(file)).resolves.toHaveLength(16 * 1024 * 1024);
    appendFileSync(file, 'x');
    await expect(host.readFile(file)).rejects.toMatchObject({ code: 'message-too-large' });
  });

  it('gives an empty file', async () => {
    const file = join(testDirectory(), 'file');
    writeFileSync(file, '');
    await expect(host.readFile(file)).resolves.toHaveLength(0);
  });

  it('keeps its limit for a file that does not tell its size', async () => {
    expect(statSync('/proc/self/status').size).toBe(0);
    expect((await host.readFile('/proc/self/status')).toString()).toContain('Pid:');
    await expect(host.readFile('/proc/self/status', { maxBytes: 10 })).rejects.toMatchObject({
      code: 'message-too-large',
    });
  });

  it('finds none where nothing is', async () => {
    const file = join(testDirectory(), 'gone');
    await expect(host.readFile(file)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(file),
    });
  });

  it('finds none in a directory', async () => {
    await expect(host.readFile(testDirectory())).rejects.toMatchObject({ code: 'not-found' });
  });

  it('finds none in a pipe, and does not wait for it', async () => {
    const pipe = join(testDirectory(), 'pipe');
    makePipe(pipe);
    await expect(host.readFile(pipe)).rejects.toMatchObject({ code: 'not-found' });
  });
});
