import { join } from 'node:path';
import type { Host } from '../hosts/host.ts';
import type { Broker, SeedLoan } from '../seeds/broker.ts';
import type { FileLoan } from '../seeds/loans.ts';
import type { Logins, SeedWish } from '../task/logins.ts';
import { liveSeedOf } from './checkpoint.ts';
import { findPlanted } from './planted-login.ts';

/** A run that a process before us has left. */
export type LeftRun = { readonly id: string } & Parameters<typeof liveSeedOf>[0];

/** The saved logins, for each run as it sees them. */
export class RunLogins {
  readonly #broker: Broker;
  /** What runs had in the homes of their codex when this process began, until they come for it. */
  readonly #held = new Map<string, Promise<SeedLoan | undefined>>();
  /** The logins themselves that runs have. One that could not be saved at the end is given back when it is. */
  readonly #files = new Map<string, FileLoan>();

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  /**
   * Takes what these runs have, before anything else is begun: their codex may live. Of a login in its home whoever was lent the same
   * would renew it too, and of short-lived tokens it could get no newer one while somebody has that login alone. What cannot be
   * taken is found out by the run.
   */
  async hold(host: Host, runs: string, left: readonly LeftRun[]): Promise<void> {
    for (const run of left) {
      const planted = await findPlanted(host, join(runs, run.id)).catch(() => undefined);
      if (planted) await this.#hold(run.id, planted.seedId, 'file');
    }
    for (const run of left) {
      const seedId = this.#held.has(run.id) ? undefined : liveSeedOf(run);
      if (seedId !== undefined) void this.#hold(run.id, seedId, 'broker');
    }
  }

  #hold(runId: string, seedId: string, mode: 'file' | 'broker'): Promise<SeedLoan | undefined> {
    const wish = { choices: [{ seed: seedId }], whenNone: 'refuse', mode, resumes: seedId } as const;
    const holding = this.#broker.lend(runId, wish, new AbortController().signal).catch(() => undefined);
    this.#held.set(runId, holding);
    return holding;
  }

  /** What one run sees. */
  of(runId: string): Logins {
    return {
      lend: async (wish, signal) => {
        const unsaved = this.#unsaved(runId);
        if (unsaved) return unsaved; // it is saved before anything else becomes of it
        const held = await this.#take(runId);
        if (held && !isFor(held, wish)) await held.release();
        const loan = held && isFor(held, wish) ? held : await this.#broker.lend(runId, wish, signal);
        if (loan.mode === 'file') this.#files.set(runId, loan);
        return loan;
      },
      saveLeft: async (left) => {
        const unsaved = this.#unsaved(runId);
        if (unsaved?.seedId === left.seedId) {
          await unsaved.save(left.auth);
          await unsaved.release();
          return;
        }
        await (await this.#take(runId))?.release();
        await this.#broker.saveLeft(runId, left);
      },
      end: async () => {
        if (!this.#unsaved(runId)) this.#files.delete(runId);
        await (await this.#take(runId))?.release();
      },
    };
  }

  #unsaved(runId: string): FileLoan | undefined {
    const loan = this.#files.get(runId);
    return loan?.isReleased ? undefined : loan;
  }

  /** Gives back what nobody came for. What is not there yet, since a refresh is under way, is not waited for. */
  async close(): Promise<void> {
    const held = [...this.#held.values()];
    this.#held.clear();
    await Promise.all(held.map(async (holding) => (await Promise.race([holding, undefined]))?.release()));
  }

  #take(runId: string): Promise<SeedLoan | undefined> | undefined {
    const held = this.#held.get(runId);
    this.#held.delete(runId);
    return held;
  }
}

/** A codex that was started and not written down may have the login in its home: nobody else is to have it in between. */
function isFor({ seedId, mode }: SeedLoan, wish: SeedWish): boolean {
  if (wish.resumes !== undefined) return wish.resumes === seedId;
  return (
    mode === 'file' && wish.mode === 'file' && wish.choices.some((choice) => 'seed' in choice && choice.seed === seedId)
  );
}
