import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SeedKeyring } from '../../../src/seeds/keys.ts';
import { Seeds } from '../../../src/seeds/seeds.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import type { Orders } from '../../fakes/seed-worker.ts';
import { chatgptAuth } from '../../support/auth.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { testDirectory } from '../../support/directories.ts';
import { workOnSeeds } from '../../support/seed-worker.ts';

const [BEFORE, AFTER] = [chatgptAuth(), chatgptAuth()];
/** More statements than any of these does. */
const MANY = 60;

interface Found {
  readonly versions: readonly number[];
  readonly auths: readonly (string | undefined)[];
  /** By how many minutes later it could be leased and saved. */
  readonly isUsable: boolean;
}

type Act = Extract<Orders, { auth: string }>['act'];

/** What there is of the seed, and that it can be used by the next one, once a lease that was left has run out. */
async function look(directory: string): Promise<Found | undefined> {
  const later = Date.now() + 61_000;
  const store = await openSqliteStore(directory, { now: () => later });
  const keys = new SeedKeyring({ env: {}, file: join(directory, 'seed.key') });
  const seeds = new Seeds({ store, key: { env: {}, file: join(directory, 'seed.key') } });
  try {
    const [seed] = await seeds.list();
    const versions = await store.seeds.versions('work');
    if (!seed) {
      expect(versions).toEqual([]);
      return undefined;
    }
    expect(versions[0]).toBe(seed.version);
    expect((await keys.keys()).length).toBeLessThan(3);
    await using lease = await seeds.lease({ of: { seed: 'work' }, holder: 'next', whenNone: 'refuse' });
    const { files } = await seeds.read(lease);
    const auths = [files['auth.json']];
    const saved = await seeds.save(lease, { files: { 'auth.json': chatgptAuth() }, replaces: seed.version });
    return { versions, auths, isUsable: saved.version === seed.version + 1 };
  } finally {
    await seeds.close();
    await store.close();
  }
}

/** Lets a process die after each statement of something, each time from the same beginning. */
async function dieEverywhere(
  act: Act,
  check: (found: Found | undefined, lines: readonly string[]) => void,
): Promise<number> {
  const beginning = await dataDirectory('seeds');
  if (act !== 'add') await workOnSeeds({ act: 'add', directory: beginning, auth: BEFORE });
  for (let nth = 1; nth < MANY; nth++) {
    const directory = testDirectory('seeds');
    cpSync(beginning, directory, { recursive: true });
    const auth = act === 'add' ? BEFORE : AFTER;
    const { lines, end } = await workOnSeeds({ act, directory, auth, dies: { nth, when: 'after' } });
    if (end === 0) {
      expect(lines).toContain('done');
      return nth - 1;
    }
    expect(end).toBe('SIGKILL');
    check(await look(directory), lines);
  }
  throw new Error(`${act} has more than ${MANY} statements`);
}

describe('a process that is killed at any statement', () => {
  it('of adding a seed has added all of it or nothing', { timeout: 300_000 }, async () => {
    const seen = new Set<boolean>();
    const deaths = await dieEverywhere('add', (found) => {
      seen.add(found !== undefined);
      if (found) expect(found).toEqual({ versions: [1], auths: [BEFORE], isUsable: true });
    });
    expect([...seen].sort()).toEqual([false, true]);
    expect(deaths).toBeGreaterThan(6);
  });

  it('of saving it has saved all of it or nothing, and what it said was saved is', { timeout: 300_000 }, async () => {
    const seen = new Set<string>();
    const deaths = await dieEverywhere('save', (found, lines) => {
      const isSaved = found?.auths[0] === AFTER;
      seen.add(`${isSaved}`);
      expect(found).toEqual(
        isSaved
          ? { versions: [2, 1], auths: [AFTER], isUsable: true }
          : { versions: [1], auths: [BEFORE], isUsable: true },
      );
      if (lines.includes('saved')) expect(isSaved).toBe(true);
    });
    expect([...seen].sort()).toEqual(['false', 'true']);
    expect(deaths).toBeGreaterThan(12);
  });

  it('of encrypting it anew leaves it readable', { timeout: 300_000 }, async () => {
    const deaths = await dieEverywhere('rekey', (found) => {
      expect(found).toEqual({ versions: [1], auths: [BEFORE], isUsable: true });
    });
    expect(deaths).toBeGreaterThan(3);
  });
});

describe('two processes that want the same pool at once', { timeout: 300_000 }, () => {
  it('have each seed one at a time, whatever their clocks say', async () => {
    const directory = await dataDirectory('seeds');
    const store = await openSqliteStore(directory);
    const seeds = new Seeds({ store, key: { env: {}, file: join(directory, 'seed.key') } });
    for (const id of ['a', 'b', 'c']) await seeds.add({ id, pool: 'team', apiKey: `sk-of-${id}-1234567890` });
    await seeds.close();
    await store.close();
    const log = join(directory, 'log');
    const crowd = { act: 'crowd', directory, log, many: 50, turns: 2 } as const;
    const ends = await Promise.all([1, 2].map(() => workOnSeeds(crowd)));
    expect(ends).toEqual([1, 2].map(() => ({ lines: ['done'], end: 0 })));
    const entries = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(entries).toHaveLength(2 * 2 * 50 * 2);
    const holding = new Map<string, string>();
    const fences = new Map<string, number>();
    for (const [what, seed = '', fence = '', name = ''] of entries) {
      if (what === 'gives') {
        expect(holding.get(seed)).toBe(name);
        holding.delete(seed);
      } else {
        expect(holding.get(seed)).toBeUndefined();
        expect(Number(fence)).toBeGreaterThan(fences.get(seed) ?? 0);
        holding.set(seed, name);
        fences.set(seed, Number(fence));
      }
    }
    const workers = new Set(entries.map(([, , , name = '']) => name.split('-')[0]));
    expect(workers.size).toBe(2);
  });
});
