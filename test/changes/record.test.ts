import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hasEnd, keepEnd, readEnd } from '../../src/changes/end.ts';
import { RecordMemory, recordOf } from '../../src/changes/record.ts';
import { readStart, type StartFile, writeStart } from '../../src/changes/start.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { testDirectory } from '../support/directories.ts';

const host = new LocalHost();
/** As long as an agent can make them, and as many as we look at: more than a record may have. */
const LONG = Array.from({ length: 50_000 }, (_, at) => `${'x'.repeat(1_400)}${at}`);

it('of an end has as many files as can be read again', async () => {
  const directory = testDirectory('kept');
  const files = LONG.map((path) => ({
    change: { path, change: 'added' as const, added: 0, removed: 0, without: null },
    hunks: '',
  }));
  await keepEnd(host, directory, { files, isPartial: false, note: 'A note.' });
  const end = await readEnd(host, directory, () => false);
  expect([end?.isPartial, end?.note]).toEqual([true, 'A note.']);
  expect(end?.files.length).toBeGreaterThan(40_000);
  expect(end?.files.length).toBeLessThan(LONG.length);
});

it('of a start too, and what is not in it is not taken for new', async () => {
  const directory = testDirectory('run');
  const files = new Map(LONG.map((path): [string, StartFile] => [path, { fingerprint: '1:1:1:1' }]));
  await writeStart(host, directory, { files, isPartial: false, content: join(directory, 'before-1') }, ['.git']);
  const { start, absent } = (await readStart(host, directory)) ?? {};
  expect([start?.isPartial, start?.content, absent]).toEqual([true, join(directory, 'before-1'), ['.git']]);
  expect(start?.files.size).toBeGreaterThan(40_000);
});

it('is whole where it fits', () => {
  const record = (maxBytes: number) => JSON.parse(recordOf([['a'], ['b']], { isPartial: false }, maxBytes));
  expect(record(100)).toEqual({ files: [['a'], ['b']], isPartial: false });
  expect(record(20)).toEqual({ files: [['a']], isPartial: true });
});

it.each(['', '{"files":', '{"files":[1]}', '[]'])('that cannot be read is none: %j', async (text) => {
  const directory = testDirectory('kept');
  for (const name of ['changes.json', 'before.json']) writeFileSync(join(directory, name), text);
  const told: string[] = [];
  expect(await hasEnd(host, directory)).toBe(true);
  expect(await readEnd(host, directory, () => true)).toBeUndefined();
  expect(await readStart(host, directory, { unreadable: ({ message }) => told.push(message) })).toBeUndefined();
  expect(told).toHaveLength(1);
});

it('is read once while somebody looks, and again when it is another', async () => {
  let reads = 0;
  const counting = new (class extends LocalHost {
    override readFile(...args: Parameters<LocalHost['readFile']>): Promise<Buffer> {
      reads++;
      return super.readFile(...args);
    }
  })();
  const memory = new RecordMemory();
  const directories = Array.from({ length: 4 }, (_, at) => testDirectory(`kept-${at}`));
  const [first = '', ...others] = directories;
  const note = async (directory: string) => (await readEnd(counting, directory, () => true, memory))?.note;
  for (const directory of directories) await keepEnd(host, directory, { files: [], isPartial: false, note: 'Old.' });
  expect([await note(first), await note(first), reads]).toEqual(['Old.', 'Old.', 1]);
  await keepEnd(host, first, { files: [], isPartial: false, note: 'New.' });
  expect([await note(first), await note(first), reads]).toEqual(['New.', 'New.', 2]);
  for (const directory of others) await note(directory);
  await note(first);
  expect(reads, 'only the newest three are remembered').toBe(6);
});
