import { setTimeout as delay } from 'node:timers/promises';
import type { Reserve } from '../store/store.ts';
import type { Clock } from './clock.ts';

/** How often is looked whether there is space again, in milliseconds. */
const LOOK_MS = 2_000;

/** How long what is under way may take to come to rest, in milliseconds. */
const REST_MS = 3_000;

export interface SpaceOptions {
  readonly reserve: Reserve;
  readonly clock: Pick<Clock, 'after'>;
  /** There is none left. Resolves when nothing takes any more of it. */
  readonly onShort: () => Promise<void>;
  readonly onEnough: () => void;
}

/** Knows whether there is space where the store lies. */
export class Space {
  readonly #options: SpaceOptions;
  #isShort = false;
  #callOff = () => {};

  constructor(options: SpaceOptions) {
    this.#options = options;
  }

  get isShort(): boolean {
    return this.#isShort;
  }

  /** Takes back what is kept back, where a process before us had to give it up. */
  async open(): Promise<void> {
    if (!(await this.#options.reserve.restore())) await this.runOut();
  }

  /** The store could not be written for want of space. */
  async runOut(): Promise<void> {
    if (this.#isShort) return;
    this.#isShort = true;
    // What is given up before that would be taken by whoever fills the disk, a codex for one.
    await Promise.race([this.#options.onShort(), delay(REST_MS, undefined, { ref: false })]);
    await this.#options.reserve.spend().catch(() => {});
    this.#comeAgain();
  }

  close(): void {
    this.#callOff();
  }

  async #look(): Promise<void> {
    if (!(await this.#options.reserve.restore())) return this.#comeAgain();
    this.#isShort = false;
    this.#options.onEnough();
  }

  #comeAgain(): void {
    this.#callOff = this.#options.clock.after(LOOK_MS, () => void this.#look());
  }
}
