import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LeaseClock } from '../../src/seeds/clock.ts';
import type { SeedKeySource } from '../../src/seeds/keys.ts';
import type { SeedsOptions } from '../../src/seeds/lent-seeds.ts';
import { Seeds } from '../../src/seeds/seeds.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { dataDirectory } from './data-directory.ts';

export interface SeedPlace {
  readonly directory: string;
  readonly store: Store;
  readonly seeds: Seeds;
}

export interface SeedPlaceOptions {
  readonly directory?: string;
  /** The clock of the store. */
  readonly now?: () => number;
  readonly clock?: LeaseClock;
  readonly source?: SeedKeySource;
  readonly env?: Readonly<Record<string, string>>;
  readonly provider?: SeedsOptions['provider'];
}

/** Seeds over a real store, closed when the test is over. */
export async function seedPlace(options: SeedPlaceOptions = {}): Promise<SeedPlace> {
  const { directory = await dataDirectory('seeds'), now, clock, source, env = {}, provider } = options;
  const store = await openSqliteStore(directory, now ? { now } : {});
  const key = { env, file: join(directory, 'seed.key'), ...(source && { source }) };
  const seeds = new Seeds({ store, key, ...(clock && { clock }), ...(provider && { provider }) });
  onTestFinished(async () => {
    await seeds.close();
    await seeds.closeShared();
    await store.close();
  });
  return { directory, store, seeds };
}

/** The same store for somebody who has other keys. */
export function seedsOn(store: Store, directory: string, keys: readonly Uint8Array[]): Seeds {
  return new Seeds({ store, key: { env: {}, file: join(directory, 'seed.key'), source: () => keys } });
}

/** A clock that goes only when it is told to, and calls what is due in its order. */
export class SteppedClock implements LeaseClock {
  #elapsed = 0;
  #due: { readonly at: number; readonly wake: () => void }[] = [];

  elapsed(): number {
    return this.#elapsed;
  }

  now(): number {
    return 1_800_000_000_000 + this.#elapsed;
  }

  after(ms: number, wake: () => void): () => void {
    const due = { at: this.#elapsed + ms, wake };
    this.#due.push(due);
    return () => {
      this.#due = this.#due.filter((other) => other !== due);
    };
  }

  /** How many wait for it. */
  get waiting(): number {
    return this.#due.length;
  }

  /** Lets time pass, with all that happens meanwhile; what that asks of others has been answered when it resolves. */
  async pass(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#due = this.#due.filter((other) => other !== next);
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.wake();
      await settled();
    }
    this.#elapsed = end;
    await settled();
  }

  /** The machine slept, or this process was stopped: all of it is over before anybody notices. */
  sleep(ms: number): void {
    this.#elapsed += ms;
  }
}

/** Resolves when nothing that goes on by itself is left to do, in this process and in the store. */
async function settled(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
}
