import { setTimeout as delay } from 'node:timers/promises';
import { fromUnknown, OptioError } from '../errors.ts';

interface Step {
  readonly name: string;
  readonly deadlineMs: number;
  readonly act: () => Promise<void>;
}

export interface FailedStep {
  readonly name: string;
  readonly error: OptioError;
}

/** What has to be undone, last things first. Each step has its time and none depends on another's success. */
export class Teardown {
  readonly #steps: Step[] = [];

  /** Remembers a step; `name` completes the sentence "could not …". */
  defer(name: string, act: () => Promise<void>, deadlineMs = 10_000): void {
    this.#steps.push({ name, act, deadlineMs });
  }

  /** Undoes everything and gives the steps that failed. */
  async run(): Promise<FailedStep[]> {
    const failed: FailedStep[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await withinTime(step);
      } catch (thrown) {
        failed.push({ name: step.name, error: fromUnknown(thrown) });
      }
    }
    return failed;
  }
}

async function withinTime({ act, deadlineMs }: Step): Promise<void> {
  const over = new AbortController();
  const late = delay(deadlineMs, undefined, { signal: over.signal }).then(
    () => {
      throw new OptioError('internal', `it was given up after ${deadlineMs / 1000} s`);
    },
    () => {},
  );
  try {
    await Promise.race([act(), late]);
  } finally {
    over.abort();
  }
}
