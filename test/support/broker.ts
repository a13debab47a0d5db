import { expect, onTestFinished } from 'vitest';
import type { SeedWish } from '../../src/contract/seed-wish.ts';
import { Broker, type SeedLoan } from '../../src/seeds/broker.ts';
import { FileLoan } from '../../src/seeds/file-loan.ts';
import { TokenLoan } from '../../src/seeds/loans.ts';
import { ScriptedProvider } from './scripted-provider.ts';
import { type SeedPlace, SteppedClock, seedPlace } from './seeds.ts';

export interface BrokerPlace extends SeedPlace {
  readonly clock: SteppedClock;
  readonly provider: ScriptedProvider;
  readonly broker: Broker;
  /** Saves logins of accounts of their own. */
  add(pool: string | undefined, ...ids: readonly string[]): Promise<void>;
  /** Lends one; those that are named so are seeds, and a pool stands behind `pool:`. */
  lend(
    runId: string,
    of: string,
    wish?: Partial<SeedWish>,
    signal?: AbortSignal,
    ancestors?: readonly string[],
  ): Promise<SeedLoan>;
}

/** A broker over a real store, with a provider and a clock that the test sets. */
export async function brokerPlace(livesMs = 3_600_000): Promise<BrokerPlace> {
  const clock = new SteppedClock();
  const provider = new ScriptedProvider({ now: () => clock.now(), livesMs });
  const place = await seedPlace({ clock, now: () => clock.now(), provider: provider.options });
  const broker = new Broker(place.seeds);
  onTestFinished(() => broker.close());
  return {
    ...place,
    clock,
    provider,
    broker,
    async add(pool, ...ids) {
      for (const id of ids) await place.seeds.add({ id, auth: provider.login(`acct-${id}`), ...(pool && { pool }) });
    },
    lend(runId, of, wish = {}, signal = new AbortController().signal, ancestors = []) {
      const choices = of
        .split(' ')
        .map((name) => (name.startsWith('pool:') ? { pool: name.slice(5) } : { seed: name }));
      return broker.lend(runId, { choices, whenNone: 'wait', ...wish }, signal, () => ancestors);
    },
  };
}

export function asTokens(loan: SeedLoan): TokenLoan {
  expect(loan).toBeInstanceOf(TokenLoan);
  return loan as TokenLoan;
}

export function asFile(loan: SeedLoan): FileLoan {
  expect(loan).toBeInstanceOf(FileLoan);
  return loan as FileLoan;
}

/** Whether something has settled by the time that all who wait in this process have been served. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  promise.then(end, end);
  for (let round = 0; round < 50; round++) await new Promise((resolve) => setImmediate(resolve));
  return isOver;
}
