import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ZipBounds, zipDirectory } from '../../src/engine/workspace-zip.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { readZip } from '../support/zip.ts';

const host = new LocalHost();

function makePlace() {
  const root = testDirectory('archive');
  const workspace = subdirectory(root, 'workspace');
  writeFileSync(join(root, 'secret'), 'secret');
  mkdirSync(join(workspace, 'src', '.git'), { recursive: true });
  mkdirSync(join(workspace, 'empty'));
  writeFileSync(join(workspace, 'src', '.git', 'config'), 'of git');
  writeFileSync(join(workspace, 'src', 'ü a.txt'), 'text');
  writeFileSync(join(workspace, 'src', '..\\..\\x'), 'odd');
  writeFileSync(join(workspace, 'large.bin'), Buffer.alloc(300_000, 7));
  utimesSync(join(workspace, 'large.bin'), 0, 0);
  symlinkSync(join(root, 'secret'), join(workspace, 'link'));
  symlinkSync(root, join(workspace, 'out'));
  return { root, workspace };
}

async function zipOf(workspace: string, path = '', bounds?: ZipBounds): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await zipDirectory(host, workspace, path, bounds)) ?? []) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Each name with how much is in it, and the year of its change. */
function contentOf(zip: Buffer): Record<string, [bytes: number, year: number]> {
  return Object.fromEntries(
    Object.entries(readZip(zip)).map(([name, { content, year }]) => [name, [content.length, year]]),
  );
}

describe('an archive', () => {
  it('holds a directory with all that is in it, but nothing behind a link and nothing of git', async () => {
    const { workspace } = makePlace();
    const year = new Date().getFullYear();
    expect(contentOf(await zipOf(workspace))).toEqual({
      'empty/': [0, year],
      'src/': [0, year],
      'src/ü a.txt': [4, year],
      'src/.._.._x': [3, year],
      'large.bin': [300_000, 1980],
    });
    expect(contentOf(await zipOf(workspace, 'src'))).toEqual({ 'ü a.txt': [4, year], '.._.._x': [3, year] });
  });

  it('is none of what is not there, is a link, or leads out', async () => {
    const { workspace } = makePlace();
    for (const path of ['nothing', 'out', 'link', 'large.bin', 'out/workspace'])
      expect(await zipDirectory(host, workspace, path), path).toBeUndefined();
    await expect(zipDirectory(host, workspace, '..')).rejects.toMatchObject({ code: 'path-refused' });
    await expect(zipDirectory(host, workspace, '/etc')).rejects.toMatchObject({ code: 'path-refused' });
  });

  it('is refused before its first piece when it would be too large', async () => {
    const { workspace } = makePlace();
    const code = 'message-too-large';
    await expect(zipDirectory(host, workspace, '', { maxEntries: 4, maxBytes: 1e9 })).rejects.toMatchObject({ code });
    await expect(zipDirectory(host, workspace, '', { maxEntries: 9, maxBytes: 3e5 })).rejects.toMatchObject({ code });
    expect((await zipOf(workspace, '', { maxEntries: 5, maxBytes: 300_007 })).length).toBeGreaterThan(300_000);
  });

  it('breaks off where a file has grown too large meanwhile, and leaves out what has become a link', async () => {
    const { root, workspace } = makePlace();
    const grown = await zipDirectory(host, workspace, '', { maxEntries: 5, maxBytes: 300_007 });
    writeFileSync(join(workspace, 'large.bin'), Buffer.alloc(400_000));
    const read = async () => {
      for await (const piece of grown ?? []) expect(piece.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toMatchObject({ code: 'message-too-large' });
    const swapped = await zipDirectory(host, workspace, 'src');
    rmSync(join(workspace, 'src', 'ü a.txt'));
    symlinkSync(join(root, 'secret'), join(workspace, 'src', 'ü a.txt'));
    const pieces: Uint8Array[] = [];
    for await (const piece of swapped ?? []) pieces.push(piece);
    expect(contentOf(Buffer.concat(pieces))).toEqual({ '.._.._x': [3, new Date().getFullYear()] });
  });

  it('keeps no file open for a reader who has left in the middle', async () => {
    const { workspace } = makePlace();
    for await (const piece of (await zipDirectory(host, workspace, '')) ?? []) if (piece.length > 10_000) break;
    const open = readdirSync('/proc/self/fd').flatMap((fd) => {
      const place = `/proc/self/fd/${fd}`;
      return existsSync(place) ? [readlinkSync(place)] : [];
    });
    expect(open.filter((path) => path.startsWith(workspace))).toEqual([]);
    expect(readFileSync(join(workspace, 'large.bin')).length).toBe(300_000);
  });
});
