import { join } from 'node:path';
import type { LeftLogin, SavedVersion, SeedWish } from '../contract/seed-wish.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import type { Broker, SeedLoan } from '../seeds/broker.ts';
import type { LeaseClock } from '../seeds/clock.ts';
import type { FileLoan } from '../seeds/file-loan.ts';
import { UNUSED_DIRECTORY } from '../seeds/unused-logins.ts';
import type { Logins } from '../task/logins.ts';
import { liveSeedOf } from './checkpoint.ts';
import { warnOfGivenUp } from './given-up.ts';
import { LateSaves } from './late-saves.ts';
import { blank, findGuest, findPlanted, heldAt, type PlantedPlace } from './planted-home.ts';
import { isInVain, saveLeftLogin } from './planted-login.ts';

/** A run that a process before us has left. */
export type LeftRun = { readonly id: string } & Parameters<typeof liveSeedOf>[0];

export interface RunLoginsParts {
  readonly broker: Broker;
  readonly host: Host;
  /** Where runs have their private directories, each called as its run. */
  readonly runs: string;
  readonly clock: LeaseClock;
}

/** The saved logins, for each run as it sees them. */
export class RunLogins {
  readonly #broker: Broker;
  readonly #host: Host;
  readonly #runs: string;
  /** What runs had in the homes of their codex when this process began, until they come for it. */
  readonly #held = new Map<string, Promise<SeedLoan | undefined>>();
  /** The logins themselves that runs have. One that could not be saved at the end is given back when it is. */
  readonly #files = new Map<string, FileLoan>();
  readonly #late: LateSaves;
  /** Of the runs that this process works on and that others have begun, by which. */
  readonly #parents = new Map<string, string>();

  constructor({ broker, host, runs, clock }: RunLoginsParts) {
    this.#broker = broker;
    this.#host = host;
    this.#runs = runs;
    this.#late = new LateSaves({ clock, save: (runId) => this.#saveLate(runId) });
  }

  /**
   * Takes what these runs have, before anything else is begun: their codex may live. Of a login in its home whoever was lent the same
   * would renew it too, and of short-lived tokens it could get no newer one while somebody has that login alone. What cannot be
   * taken is found out by the run.
   */
  async hold(left: readonly LeftRun[]): Promise<void> {
    for (const { id } of left) {
      const planted = await findPlanted(this.#placeOf(id)).catch(() => undefined);
      if (planted) await this.#hold(id, planted.seedId, 'file');
    }
    await this.#holdGuests(left);
    for (const run of left) {
      const seedId = this.#held.has(run.id) ? undefined : liveSeedOf(run);
      if (seedId !== undefined) void this.#hold(run.id, seedId, 'broker');
    }
  }

  /** The gate knows all of them before it is open. What a refresh of before us gives is not waited for: they may wait there for that. */
  async #holdGuests(left: readonly LeftRun[]): Promise<void> {
    let isAny = false;
    for (const { id } of left) {
      const place = this.#placeOf(id);
      const guest = await findGuest(place).catch(() => undefined);
      if (!guest?.pass) continue;
      const holding = this.#hold(id, guest.seedId, 'file');
      const login = holding.then((loan) => (loan?.mode === 'file' ? loan : undefined));
      this.#broker.gate.expect(guest.pass, login, () => heldAt(place));
      isAny = true;
    }
    if (isAny) await this.#broker.gate.open().catch(() => {}); // it is tried again by whoever goes on with a run
  }

  #placeOf(runId: string): PlantedPlace {
    return { host: this.#host, directory: join(this.#runs, runId) };
  }

  #hold(runId: string, seedId: string, mode: 'file' | 'broker'): Promise<SeedLoan | undefined> {
    const wish = { choices: [{ seed: seedId }], whenNone: 'refuse', mode, resumes: seedId } as const;
    const holding = this.#broker.lend(runId, wish, new AbortController().signal).catch(() => undefined);
    this.#held.set(runId, holding);
    return holding;
  }

  /** What one run sees, which another one may have begun. */
  of(runId: string, parentId: string | null = null): Logins {
    if (parentId !== null) this.#parents.set(runId, parentId);
    return {
      lend: async (wish, signal) => {
        await this.#late.leave(runId); // the home in which it lies is used again
        const unsaved = this.#unsaved(runId);
        if (unsaved) return unsaved; // it is saved before anything else becomes of it
        await orAborted(this.#held.get(runId), signal); // until then it is there for whoever ends the run
        const held = await this.#take(runId);
        if (held && !isFor(held, wish)) await held.release();
        const loan =
          held && isFor(held, wish)
            ? held
            : await this.#broker.lend(runId, wish, signal, () => this.#ancestorsOf(runId));
        if (loan.mode === 'file') this.#files.set(runId, loan);
        return loan;
      },
      saveLeft: async (left) => {
        await this.#late.leave(runId);
        try {
          return await this.#saveLeft(runId, left);
        } catch (thrown) {
          if (!isInVain(fromUnknown(thrown))) this.#late.begin(runId);
          throw thrown;
        }
      },
      names: () => this.#broker.names(),
      end: async () => {
        this.#parents.delete(runId);
        if (!this.#unsaved(runId)) this.#files.delete(runId);
        const holding = this.#take(runId);
        void holding?.then((loan) => loan?.release()).catch(() => {}); // it runs out by itself
        await (await Promise.race([holding, undefined]))?.release();
      },
    };
  }

  #ancestorsOf(runId: string): string[] {
    const parentId = this.#parents.get(runId);
    return parentId === undefined ? [] : [parentId, ...this.#ancestorsOf(parentId)];
  }

  /** What can never be saved is kept aside, since it is nowhere else: it may be good after all. */
  async #saveLeft(runId: string, left: LeftLogin): Promise<SavedVersion> {
    try {
      return await this.#save(runId, left);
    } catch (thrown) {
      const error = fromUnknown(thrown);
      if (error.code !== 'invalid-input') throw error;
      await this.#broker.keepUnused(left);
      throw new OptioError(error.code, `${error.message}; it is kept, encrypted, in ${UNUSED_DIRECTORY}`, {
        cause: error,
      });
    }
  }

  async #save(runId: string, left: LeftLogin): Promise<SavedVersion> {
    const unsaved = this.#unsaved(runId);
    if (unsaved?.seedId === left.seedId) {
      try {
        const saved = await unsaved.save(left.auth);
        await unsaved.release();
        return saved;
      } catch (thrown) {
        const error = fromUnknown(thrown);
        const isLost = error.code === 'lease-lost';
        // Nothing more will be saved under this lease, and others wait for the seed.
        if (isLost || isInVain(error)) await unsaved.release();
        if (!isLost) throw error;
      }
    }
    await (await this.#take(runId))?.release();
    return this.#broker.saveLeft(runId, left);
  }

  async #saveLate(runId: string): Promise<void> {
    const place = this.#placeOf(runId);
    const saveLeft = (left: LeftLogin) => this.#saveLeft(runId, left);
    let isSaved = true;
    const giveUp = (why: Pick<OptioError, 'message'>) => {
      isSaved = false;
      warnOfGivenUp(runId, why);
    };
    if (!(await findPlanted(place))) giveUp({ message: 'no whole login lies there any more' });
    else await saveLeftLogin(place.host, place.directory, { ...this.of(runId), saveLeft }, giveUp);
    await this.#unsaved(runId)?.release(); // nothing will be saved any more
    // Of an end of this process it is not waited for: then the home may be that of the next one.
    if (isSaved && !this.#late.isClosed) await blank(place).catch(() => {});
  }

  #unsaved(runId: string): FileLoan | undefined {
    const loan = this.#files.get(runId);
    return loan?.isReleased ? undefined : loan;
  }

  /** Gives back what nobody came for. What is not there yet, since a refresh is under way, is not waited for. */
  async close(): Promise<void> {
    this.#late.close();
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

/** Throws what the signal was aborted with, as soon as it is. */
async function orAborted(promise: Promise<unknown> | undefined, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  await Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', leave));
}

/** A codex that was started and not written down may have the login in its home: nobody else is to have it in between. */
function isFor({ seedId, mode }: SeedLoan, wish: SeedWish): boolean {
  if (wish.resumes !== undefined) return wish.resumes === seedId;
  return (
    mode === 'file' && wish.mode === 'file' && wish.choices.some((choice) => 'seed' in choice && choice.seed === seedId)
  );
}
