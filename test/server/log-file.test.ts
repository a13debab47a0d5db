import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LogFile, type LogFileOptions } from '../../src/server/log-file.ts';
import { testDirectory } from '../support/directories.ts';

function open(options: LogFileOptions = {}, directory = testDirectory('log')) {
  const path = join(directory, 'server.log');
  const file = new LogFile(path, options);
  onTestFinished(() => file.close());
  return { file, path, directory, text: (name = 'server.log') => readFileSync(join(directory, name), 'utf8') };
}

describe('the file of a log', () => {
  it('has each line at once, and goes on where there are some', () => {
    const { file, directory, text } = open();
    file.write('one\n');
    expect(text()).toBe('one\n');
    file.close();
    open({}, directory).file.write('two\n');
    expect(text()).toBe('one\ntwo\n');
  });

  it('is for its owner alone, also one that was there', () => {
    const directory = testDirectory('log');
    writeFileSync(join(directory, 'server.log'), '');
    chmodSync(join(directory, 'server.log'), 0o666);
    const { file, path } = open({ maxBytes: 8, maxFiles: 2 }, directory);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const line of ['one\n', 'two\n', 'three\n']) file.write(line);
    for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  });

  it('is rotated when it is full, and the oldest goes', () => {
    const { file, directory, text } = open({ maxBytes: 10, maxFiles: 3 });
    for (let n = 1; n <= 9; n++) file.write(`line${n}\n`);
    expect(readdirSync(directory).sort()).toEqual(['server.log', 'server.log.1', 'server.log.2']);
    expect([text('server.log.2'), text('server.log.1'), text()]).toEqual(['line7\n', 'line8\n', 'line9\n']);
    file.write(`${'x'.repeat(30)}\n`);
    file.write('after\n');
    expect([text('server.log.1'), text()]).toEqual([`${'x'.repeat(30)}\n`, 'after\n']);
  });

  it('takes what it has by then into account, and keeps lines whole', () => {
    const directory = testDirectory('log');
    writeFileSync(join(directory, 'server.log'), 'eightby\n');
    const { file, text } = open({ maxBytes: 10 }, directory);
    file.write('new\n');
    expect([text('server.log.1'), text()]).toEqual(['eightby\n', 'new\n']);
  });

  it('throws nothing when it cannot be written, and says how much is lost once it can', () => {
    const { file, path, directory, text } = open({ maxBytes: 6, maxFiles: 2 });
    file.write('one\n');
    mkdirSync(`${path}.1/in-the-way`, { recursive: true });
    file.write('two\n'); // it is full, and cannot be moved
    file.write('three\n');
    rmSync(`${path}.1`, { recursive: true });
    file.write('four\n');
    const lines = readdirSync(directory).flatMap((name) => text(name).trim().split('\n'));
    expect(lines.join('\n')).toContain('2 lines could not be written');
    expect(lines).toContain('four');
  });
});
