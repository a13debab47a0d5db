import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { NewToken } from '../../src/contract/token.ts';
import { Tokens } from '../../src/engine/tokens.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';

const START = Date.parse('2026-11-26T10:00:00.000Z');
const ANN: NewToken = { name: 'ann', role: 'viewer' };

async function openTokens() {
  const directory = testDirectory('tokens');
  const store = await openSqliteStore(directory);
  onTestFinished(() => store.close());
  const clock = { at: START, now: () => clock.at };
  return { tokens: new Tokens(store.tokens, clock), clock, directory, store };
}

describe('a token', () => {
  it('lets in whoever has its secret, with its role', async () => {
    const { tokens } = await openTokens();
    const made = await tokens.create({ name: 'ann', role: 'operator' });
    expect(made).toEqual({
      id: expect.stringMatching(/^token-/),
      name: 'ann',
      role: 'operator',
      createdAt: '2026-11-26T10:00:00.000Z',
      expiresAt: null,
      secret: expect.stringMatching(/^oc_[\w-]{43}$/),
    });
    expect(await tokens.authenticate(made.secret)).toEqual({ name: 'ann', role: 'operator' });
  });

  it('lets nobody in with anything else', async () => {
    const { tokens } = await openTokens();
    const { secret, id } = await tokens.create(ANN);
    for (const wrong of ['', 'oc_', secret.slice(0, -1), `${secret} `, secret.slice(3), id, secret.toUpperCase()]) {
      expect(await tokens.authenticate(wrong), wrong).toBeUndefined();
    }
  });

  it('has a secret that is told once, and is nowhere on the disk', async () => {
    const { tokens, directory, store } = await openTokens();
    const { secret, ...info } = await tokens.create(ANN);
    expect(await tokens.list()).toEqual([info]);
    await store.close();
    const written = readFileSync(join(directory, 'optio.db'), 'latin1');
    expect(written).toContain(info.id);
    expect(written).not.toContain(secret.slice(3));
  });

  it('lets nobody in once it is removed', async () => {
    const { tokens } = await openTokens();
    const [ann, bob] = [await tokens.create(ANN), await tokens.create({ name: 'bob', role: 'admin' })];
    await tokens.remove(ann.id);
    expect(await tokens.authenticate(ann.secret)).toBeUndefined();
    expect(await tokens.authenticate(bob.secret)).toMatchObject({ name: 'bob' });
    expect(await failureOf(tokens.remove(ann.id))).toMatchObject({ code: 'not-found' });
  });

  it('that has expired lets nobody in, is not listed, and leaves its name and its key to others', async () => {
    const { tokens, clock } = await openTokens();
    const options = { idempotencyKey: 'a' };
    const { secret, expiresAt } = await tokens.create({ ...ANN, ttlMs: 1_000 }, options);
    expect(expiresAt).toBe('2026-11-26T10:00:01.000Z');
    clock.at = START + 999;
    expect(await tokens.authenticate(secret)).toMatchObject({ name: 'ann' });
    clock.at = START + 1_000;
    expect(await tokens.authenticate(secret)).toBeUndefined();
    expect(await tokens.list()).toEqual([]);
    expect(await tokens.create(ANN, options)).toMatchObject({ name: 'ann' });
  });

  it('is made once for a key, also by many at once; its secret is not told again', async () => {
    const { tokens } = await openTokens();
    const make = (key: string) => tokens.create(ANN, { idempotencyKey: key });
    const ends = await Promise.allSettled([make('a'), make('a'), make('a')]);
    const made = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    expect(made).toHaveLength(1);
    const refusal = { code: 'key-reused', remedy: expect.stringContaining(`Remove the token ${made[0]?.id}`) };
    expect(await failureOf(make('a'))).toMatchObject(refusal);
    expect(await tokens.list()).toHaveLength(1);
    await tokens.remove(made[0]?.id ?? '');
    expect((await make('a')).id).toBe(made[0]?.id);
  });

  it.each([
    [{ ...ANN, name: 'ann' }, 'name'],
    [{ ...ANN, name: '' }, 'name'],
    [{ ...ANN, name: 'a\0' }, 'name'],
    [{ ...ANN, name: 'owner' }, 'name'],
    [{ ...ANN, name: ' Guard' }, 'name'],
    [{ ...ANN, name: 'rule look' }, 'name'],
    [{ ...ANN, role: 'root' }, 'role'],
    [{ ...ANN, ttlMs: 0 }, 'ttlMs'],
    [{ ...ANN, ttlMs: Number.MAX_SAFE_INTEGER }, 'ttlMs'],
  ])('is not made of %j', async (token, field) => {
    const { tokens } = await openTokens();
    await tokens.create(ANN);
    const given = field === 'name' ? token : { ...token, name: 'bob' };
    expect(await failureOf(tokens.create(given as NewToken))).toMatchObject({
      code: 'invalid-input',
      details: { field },
    });
    expect(await tokens.list()).toHaveLength(1);
  });

  it.each(['', 'a\nb', 'x'.repeat(201)])('is not made with the key %j', async (idempotencyKey) => {
    const { tokens } = await openTokens();
    expect(await failureOf(tokens.create(ANN, { idempotencyKey }))).toMatchObject({ code: 'invalid-input' });
  });
});
