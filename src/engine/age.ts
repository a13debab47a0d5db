import type { Clock } from './clock.ts';

/**
 * How long ago a run has begun for the first time. It goes by the time that passes; only of the time before this process
 * the clock has the say, and one that was set back meanwhile makes nothing of that.
 */
export class Age {
  readonly #clock: Pick<Clock, 'now' | 'elapsed'>;
  readonly #before: number;
  readonly #since: number;

  /** `startedAt`: when it began, in this process or another (ISO 8601); null when that is now. */
  constructor(startedAt: string | null, clock: Pick<Clock, 'now' | 'elapsed'>) {
    this.#clock = clock;
    this.#before = startedAt === null ? 0 : Math.max(0, clock.now() - Date.parse(startedAt));
    this.#since = clock.elapsed();
  }

  /** That of a run that has begun goes on as it was counted here (`counted`), where somebody has worked on it before. */
  static of(startedAt: string | null, clock: Pick<Clock, 'now' | 'elapsed'>, counted: Age | undefined): Age {
    return (startedAt !== null && counted) || new Age(startedAt, clock);
  }

  /** In whole milliseconds. */
  get ms(): number {
    return Math.round(this.#before + this.#clock.elapsed() - this.#since);
  }
}
