import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { counted } from '../design/figures.ts';
import type { Toasts } from '../design/toast.ts';
import { Store } from '../live/store.ts';
import type { Failure } from './acts.ts';

type Runs = readonly Pick<RunSummary, 'id' | 'name'>[];

export interface DeletionsOptions {
  readonly toasts: Toasts;
  /** Deletes them, for good; returns what could not be. */
  readonly remove: (runs: Runs) => Promise<readonly Failure[]>;
}

/** Deletes runs once nobody can undo it any more. Until then they are hidden, and nothing was sent. */
export class Deletions {
  /** The runs that are to be deleted. */
  readonly hidden = new Store<ReadonlySet<string>>(new Set());
  readonly #toasts: Toasts;
  readonly #remove: DeletionsOptions['remove'];
  /** What is not deleted yet, by the toast that tells of it. */
  readonly #unsettled = new Map<number, Runs>();
  #hasLeft = false;

  constructor({ toasts, remove }: DeletionsOptions) {
    this.#toasts = toasts;
    this.#remove = remove;
  }

  begin(runs: Runs): void {
    if (runs.length === 0) return;
    const ids = runs.map(({ id }) => id);
    this.hidden.set(new Set([...this.hidden.value, ...ids]));
    const toast = this.#toasts.done(`Deleting ${counted(ids.length, 'run')}`, {
      detail:
        ids.length === 1
          ? 'Its journal goes, and so do the runs that it has begun. Workspaces stay.'
          : 'Their journals go, and so do the runs that they have begun. Workspaces stay.',
      action: {
        label: 'Undo',
        act: () => {
          this.#unsettled.delete(toast);
          this.#show(ids);
        },
      },
      onGone: () => void this.#send(toast, runs),
    });
    this.#unsettled.set(toast, runs);
  }

  /** All that is not deleted yet, for whoever sees to it since the page is left: nothing of it is sent from here any more. */
  leave(): Runs {
    const rest = [...this.#unsettled.values()].flat();
    const open = [...this.#unsettled.keys()];
    this.#unsettled.clear();
    this.#hasLeft = true;
    for (const toast of open) this.#toasts.close(toast);
    this.#hasLeft = false;
    return rest;
  }

  async #send(toast: number, runs: Runs): Promise<void> {
    if (this.#hasLeft) return;
    const failures = await this.#remove(runs);
    this.#unsettled.delete(toast);
    this.#show(failures.map(({ id }) => id));
    this.#toasts.failedEach('could not be deleted', runs, failures);
  }

  #show(ids: readonly string[]): void {
    const shown = new Set(ids);
    this.hidden.set(new Set([...this.hidden.value].filter((id) => !shown.has(id))));
  }
}
