import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunHandle } from '../../../src/contract/run-handle.ts';
import { OptioError } from '../../../src/errors.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { testDirectory } from '../../support/directories.ts';
import { detailsOf, LAUNCHED_AT } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const LISTING = {
  workspace: '/home/ada/space',
  path: 'src',
  entries: [
    { name: 'lib', path: 'src/lib', kind: 'directory' as const, size: 0, modifiedAt: LAUNCHED_AT },
    { name: 'a\n\u001b[2Jb', path: 'src/a', kind: 'file' as const, size: 12_345, modifiedAt: LAUNCHED_AT },
  ],
  isPartial: true,
};

function begin(handle: Partial<RunHandle> = {}) {
  const calls: unknown[] = [];
  const { api } = scriptApi({
    runs: [detailsOf()],
    handle: {
      listFiles: async (path) => {
        calls.push(['list', path]);
        return LISTING;
      },
      readFile: async (path) => {
        calls.push(['read', path]);
        return new Uint8Array([0xff, 0x00, 0x1b]);
      },
      writeFile: async (path, content) => void calls.push(['write', path, Buffer.from(content).toString()]),
      ...handle,
    },
  });
  return { api, calls };
}

describe('files', () => {
  it.each([
    [[], undefined],
    [['src'], 'src'],
    [['./get'], './get'],
  ])('lists a directory: %j', async (words, path) => {
    const { api, calls } = begin();
    const { stdout } = await runCommandLine(api, ['files', '@last', ...words]);
    expect(calls).toEqual([['list', path]]);
    expect(stdout.split('\n')).toEqual([
      '/home/ada/space/src',
      'NAME   BYTES  CHANGED',
      'lib/          5 min ago',
      'a\\nb  12,345  5 min ago',
      'There are more than are listed.',
      '',
    ]);
  });

  it('prints a listing as JSON', async () => {
    const { stdout } = await runCommandLine(begin().api, ['files', '@last', '--json']);
    expect(JSON.parse(stdout)).toEqual(LISTING);
  });

  it('takes a directory out as a zip', async () => {
    const target = join(testDirectory(), 'work.zip');
    const asked: unknown[] = [];
    const { api } = begin({
      async *downloadFiles(path) {
        asked.push(path);
        yield Buffer.from('zip ');
        yield Buffer.from('zip');
      },
    });
    const argv = ['files', '@last', 'get', '.', '--zip'];
    expect((await runCommandLine(api, [...argv, '-o', target])).stdout).toBe(`${target}: 7 bytes\n`);
    expect(readFileSync(target, 'utf8')).toBe('zip zip');
    expect((await runCommandLine(api, [...argv, '-o', target])).code).toBe(2);
    expect((await runCommandLine(api, [...argv, '-o', '-'])).stdout).toBe('zip zip');
    expect(asked).toEqual(['.', '.']);
  });

  it('takes a file out, as it is, and replaces none unless told to', async () => {
    const target = join(testDirectory(), 'report');
    const { api, calls } = begin();
    const get = (...flags: string[]) =>
      runCommandLine(api, ['files', '@last', 'get', 'out/report', '-o', target, ...flags]);
    expect((await get()).stdout).toBe(`${target}: 3 bytes\n`);
    expect(calls).toEqual([['read', 'out/report']]);
    expect([...readFileSync(target)]).toEqual([0xff, 0x00, 0x1b]);
    writeFileSync(target, 'mine');
    const { code, stderr } = await get();
    expect(code).toBe(2);
    expect(stderr).toContain('--force to replace it');
    expect(readFileSync(target, 'utf8')).toBe('mine');
    expect((await get('--force')).code).toBe(0);
    expect([...readFileSync(target)]).toEqual([0xff, 0x00, 0x1b]);
  });

  it('leaves nothing where there was nothing to take', async () => {
    const directory = testDirectory();
    const readFile = async () => Promise.reject(new OptioError('path-refused', 'it leads out of the workspace'));
    const argv = ['files', '@last', 'get', '../x', '-o', join(directory, 'x')];
    expect((await runCommandLine(begin({ readFile }).api, argv)).code).toBe(1);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('says where it cannot write', async () => {
    const { code, stderr } = await runCommandLine(begin().api, ['files', '@last', 'get', 'x', '-o', '/nowhere/x']);
    expect(code).toBe(2);
    expect(stderr).toContain('/nowhere/x cannot be written');
  });

  it('puts a file in, by its own name or another', async () => {
    const file = join(testDirectory(), 'data.csv');
    writeFileSync(file, '1;2');
    const { api, calls } = begin();
    await runCommandLine(api, ['files', '@last', 'put', file]);
    await runCommandLine(api, ['files', '@last', 'put', file, 'in/d.csv']);
    await runCommandLine(api, ['files', '@last', 'put', '-', 'in/piped'], { input: 'piped' });
    expect(calls).toEqual([
      ['write', 'data.csv', '1;2'],
      ['write', 'in/d.csv', '1;2'],
      ['write', 'in/piped', 'piped'],
    ]);
  });

  it.each([
    [['get']],
    [['put']],
    [['put', '-']],
    [['put', '/nowhere/x']],
    [['a', 'b']],
    [['get', 'a', 'b']],
    [['put', 'a', 'b', 'c']],
  ])('does nothing where it is not clear what: %j', async (words) => {
    const { api, calls } = begin();
    expect((await runCommandLine(api, ['files', '@last', ...words], { input: 'x' })).code).toBe(2);
    expect(calls).toEqual([]);
  });
});

describe('export', () => {
  const PIECES = { md: ['# A run\n', 'red: \u001b[31mx\n'], json: ['{"a":"\u009b', '\u202e"}\n'] };
  const handle: Partial<RunHandle> = {
    async *export(format) {
      yield* PIECES[format];
    },
  };

  it.each<[string[], string]>([
    [[], '# A run\nred: x\n'],
    [['--format', 'json'], '{"a":"\\u009b\\u202e"}\n'],
    [['--json'], '{"a":"\\u009b\\u202e"}\n'],
  ])('prints a run so that a terminal obeys none of it: %j', async (flags, expected) => {
    const { code, stdout } = await runCommandLine(begin(handle).api, ['export', '@last', ...flags]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expected });
  });

  it.each([
    ['run.md', PIECES.md.join('')],
    ['run.json', PIECES.json.join('')],
  ])('writes %s as it comes, in the format that its name says', async (name, expected) => {
    const file = join(testDirectory(), name);
    const { stdout } = await runCommandLine(begin(handle).api, ['export', '@last', '-o', file]);
    expect(stdout).toBe('');
    expect(readFileSync(file, 'utf8')).toBe(expected);
  });

  it('leaves no half a file behind, and the one that was there', async () => {
    const directory = testDirectory();
    const file = join(directory, 'run.md');
    writeFileSync(file, 'before');
    const breaks: Partial<RunHandle> = {
      async *export() {
        yield '# A run\n';
        throw new OptioError('server-unreachable', 'the server is gone');
      },
    };
    expect((await runCommandLine(begin(breaks).api, ['export', '@last', '-o', file])).code).toBe(1);
    expect(readdirSync(directory)).toEqual(['run.md']);
    expect(readFileSync(file, 'utf8')).toBe('before');
    expect(existsSync(`${file}.part`)).toBe(false);
  });
});
