import {
  chmodSync,
  mkdirSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ListOptions } from '../../src/hosts/host.ts';
import { listFiles } from '../../src/hosts/listing.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { makePipe } from '../support/pipes.ts';
import { until } from '../support/processes.ts';

const NO_LIMIT: ListOptions = { skip: [], limit: 1_000 };

/** A directory with files of this content. */
function filled(files: Record<string, string>): string {
  const root = testDirectory('listing');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

async function namesIn(root: string, options: Partial<ListOptions> = {}): Promise<string[]> {
  return [...(await listFiles(root, { ...NO_LIMIT, ...options })).files.keys()].sort();
}

/** Waits until the clock of the file system has gone on; it ticks some hundred times a second. */
async function nextTick(): Promise<void> {
  const file = join(testDirectory('clock'), 'file');
  const now = () => {
    writeFileSync(file, '');
    return statSync(file).ctimeMs;
  };
  const start = now();
  await until(() => now() > start);
}

/** What changed between two looks. */
async function changed(root: string, act: () => void): Promise<string[]> {
  const before = await listFiles(root, NO_LIMIT);
  await nextTick();
  act();
  const after = await listFiles(root, NO_LIMIT);
  return [...after.files].flatMap(([name, print]) =>
    before.files.get(name)?.fingerprint === print.fingerprint ? [] : [name],
  );
}

describe('listFiles', () => {
  it('lists files of all depths by their path below the root', async () => {
    const root = filled({ a: '', 'b/c': '', 'b/d/e': '' });
    mkdirSync(join(root, 'empty'));
    await expect(namesIn(root)).resolves.toEqual(['a', 'b/c', 'b/d/e']);
  });

  it('passes over directories of a name that is skipped, wherever they are', async () => {
    const root = filled({ a: '', 'node_modules/x': '', 'b/node_modules/y': '', 'b/c': '' });
    await expect(namesIn(root, { skip: ['node_modules'] })).resolves.toEqual(['a', 'b/c']);
  });

  it('lists a link, but not what lies behind it', async () => {
    const outside = filled({ secret: '' });
    const root = filled({ a: '' });
    symlinkSync(outside, join(root, 'away'));
    symlinkSync('.', join(root, 'loop'));
    symlinkSync('/nowhere', join(root, 'dangling'));
    await expect(namesIn(root)).resolves.toEqual(['a', 'away', 'dangling', 'loop']);
  });

  it('lists a pipe without opening it', async () => {
    const root = filled({});
    makePipe(join(root, 'pipe'));
    await expect(namesIn(root)).resolves.toEqual(['pipe']);
  });

  it('stops at its limit and says that there is more', async () => {
    const root = filled(Object.fromEntries(Array.from({ length: 200 }, (_, number) => [`file-${number}`, ''])));
    const listing = await listFiles(root, { skip: [], limit: 150 });
    expect([listing.files.size, listing.isPartial]).toEqual([150, true]);
  });

  it('does not say so when the limit is just enough', async () => {
    const listing = await listFiles(filled({ a: '', 'b/c': '' }), { skip: [], limit: 2 });
    expect([listing.files.size, listing.isPartial]).toEqual([2, false]);
  });

  it('finds nothing where nothing is', async () => {
    await expect(namesIn(join(testDirectory(), 'gone'))).resolves.toEqual([]);
  });
});

describe('the text by which a listing tells that a file has changed', () => {
  it('stays while nothing happens', async () => {
    await expect(changed(filled({ a: '1', b: '2' }), () => {})).resolves.toEqual([]);
  });

  it('differs for other content of the same size, even with the old time set back', async () => {
    const root = filled({ a: '1', b: '2' });
    const file = join(root, 'a');
    utimesSync(file, 1_000, 1_000);
    const change = () => {
      writeFileSync(file, '3');
      utimesSync(file, 1_000, 1_000);
    };
    await expect(changed(root, change)).resolves.toEqual(['a']);
  });

  it('differs for another file in its place', async () => {
    const root = filled({ a: '1' });
    const replace = () => {
      writeFileSync(join(root, 'new'), '1');
      renameSync(join(root, 'new'), join(root, 'a'));
    };
    await expect(changed(root, replace)).resolves.toEqual(['a']);
  });

  it('differs for another mode', async () => {
    const root = filled({ a: '1' });
    await expect(changed(root, () => chmodSync(join(root, 'a'), 0o755))).resolves.toEqual(['a']);
  });

  it('differs for a link to something else', async () => {
    const root = filled({});
    symlinkSync('one', join(root, 'link'));
    const relink = () => {
      unlinkSync(join(root, 'link'));
      symlinkSync('two', join(root, 'link'));
    };
    await expect(changed(root, relink)).resolves.toEqual(['link']);
  });

  it('is there for a file that is new', async () => {
    const root = filled({ a: '1' });
    await expect(changed(root, () => writeFileSync(join(subdirectory(root, 'b'), 'c'), ''))).resolves.toEqual(['b/c']);
  });
});
