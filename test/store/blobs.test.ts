import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';

async function openStore(directory = testDirectory()): Promise<Store & { readonly directory: string }> {
  const store = await openSqliteStore(directory);
  onTestFinished(() => store.close());
  return { ...store, directory };
}

async function* pieces(...said: string[]): AsyncIterable<Uint8Array> {
  for (const piece of said) yield Buffer.from(piece);
}

async function contentOf(store: Store, id: string): Promise<string> {
  return text(await store.blobs.read(id));
}

describe('a blob', () => {
  it('is kept once however often it is given, in one piece or in many', async () => {
    const store = await openStore();
    const id = await store.blobs.put('run-1', Buffer.from('some text'));
    expect(await store.blobs.put('run-1', pieces('some ', 'text'))).toBe(id);
    expect(await store.blobs.put('run-2', pieces('some', ' text'))).toBe(id);
    expect(readdirSync(join(store.directory, 'blobs'))).toEqual([id]);
    expect(await contentOf(store, id)).toBe('some text');
  });

  it('is readable by its owner only', async () => {
    const store = await openStore();
    const id = await store.blobs.put('run-1', Buffer.from('x'));
    expect(statSync(join(store.directory, 'blobs')).mode & 0o077).toBe(0);
    expect(statSync(join(store.directory, 'blobs', id)).mode & 0o077).toBe(0);
  });

  it('is gone once nobody uses it, also for the store that is opened next', async () => {
    const store = await openStore();
    const [own, shared] = [Buffer.from('own'), Buffer.from('shared')];
    const ownId = await store.blobs.put('run-1', own);
    const sharedId = await store.blobs.put('run-1', shared);
    await store.blobs.put('run-2', shared);
    await store.blobs.release('run-1');
    expect((await failureOf(store.blobs.read(ownId))).code).toBe('not-found');
    await store.close();
    const next = await openStore(store.directory);
    expect(await contentOf(next, sharedId)).toBe('shared');
    await next.blobs.release('run-2');
    expect(readdirSync(join(store.directory, 'blobs'))).toEqual([]);
  });

  it('is never lost by a release at the moment at which another one puts the same', async () => {
    const store = await openStore();
    const content = Buffer.from('the same');
    for (let round = 0; round < 20; round++) {
      await store.blobs.put(`old ${round}`, content);
      const [id] = await Promise.all([
        store.blobs.put(`new ${round}`, content),
        store.blobs.release(`old ${round}`),
        store.blobs.release(`new ${round - 1}`),
      ]);
      expect(await contentOf(store, id)).toBe('the same');
    }
  });

  it('whose writer fails, or has died, leaves nothing behind', async () => {
    const store = await openStore();
    const directory = join(store.directory, 'blobs');
    async function* torn(): AsyncIterable<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('torn');
    }
    await expect(store.blobs.put('run-1', torn())).rejects.toThrow('torn');
    expect(readdirSync(directory)).toEqual([]);
    await store.close();
    writeFileSync(join(directory, '.half'), 'of a process that was killed');
    await openStore(store.directory);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is named by nothing else than its id', async () => {
    const store = await openStore();
    expect((await failureOf(store.blobs.read('../optio.db'))).code).toBe('invalid-input');
  });
});
