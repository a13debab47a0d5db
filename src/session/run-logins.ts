import { join } from 'node:path';
import type { Host } from '../hosts/host.ts';
import type { Broker, SeedLoan } from '../seeds/broker.ts';
import type { Logins } from '../task/logins.ts';
import { findPlanted } from './planted-login.ts';

/** The saved logins, for each run as it sees them. */
export class RunLogins {
  readonly #broker: Broker;
  /** What runs had in the homes of their codex when this process began, until they come for it. */
  readonly #held = new Map<string, SeedLoan>();

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  /**
   * Takes what these runs have in the homes of their codex, before anything else is begun: that codex may live, and whoever was
   * lent the same would renew it too. What cannot be taken is found out by the run.
   */
  async hold(host: Host, runs: string, runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) {
      const { seedId } = (await findPlanted(host, join(runs, runId)).catch(() => undefined)) ?? {};
      if (seedId === undefined) continue;
      const wish = { choices: [{ seed: seedId }], whenNone: 'refuse', mode: 'file', resumes: seedId } as const;
      const loan = await this.#broker.lend(runId, wish, new AbortController().signal).catch(() => undefined);
      if (loan) this.#held.set(runId, loan);
    }
  }

  /** What one run sees. */
  of(runId: string): Logins {
    return {
      lend: async (wish, signal) => {
        const held = this.#take(runId);
        if (held && wish.resumes === held.seedId) return held;
        await held?.release();
        return this.#broker.lend(runId, wish, signal);
      },
      saveLeft: async (seedId, auth) => {
        await this.#take(runId)?.release();
        await this.#broker.saveLeft(runId, seedId, auth);
      },
    };
  }

  /** Gives back what nobody came for. */
  async close(): Promise<void> {
    await Promise.all([...this.#held.keys()].map((runId) => this.#take(runId)?.release()));
  }

  #take(runId: string): SeedLoan | undefined {
    const held = this.#held.get(runId);
    this.#held.delete(runId);
    return held;
  }
}
