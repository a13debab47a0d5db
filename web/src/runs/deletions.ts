import { counted } from '../design/figures.ts';
import type { Toasts } from '../design/toast.ts';
import { Store } from '../live/store.ts';
import type { Failure } from './acts.ts';

export interface DeletionsOptions {
  readonly toasts: Toasts;
  /** Deletes them, for good; returns what could not be. */
  readonly remove: (ids: readonly string[]) => Promise<readonly Failure[]>;
}

/** Deletes runs once nobody can undo it any more. Until then they are hidden, and nothing was sent. */
export class Deletions {
  /** The runs that are to be deleted. */
  readonly hidden = new Store<ReadonlySet<string>>(new Set());
  readonly #toasts: Toasts;
  readonly #remove: DeletionsOptions['remove'];

  constructor({ toasts, remove }: DeletionsOptions) {
    this.#toasts = toasts;
    this.#remove = remove;
  }

  begin(ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.hidden.set(new Set([...this.hidden.value, ...ids]));
    this.#toasts.done(`Deleting ${counted(ids.length, 'run')}`, {
      detail:
        ids.length === 1
          ? 'Its journal goes, and so do the runs that it has begun. Workspaces stay.'
          : 'Their journals go, and so do the runs that they have begun. Workspaces stay.',
      action: { label: 'Undo', act: () => this.#show(ids) },
      onGone: () => void this.#send(ids),
    });
  }

  async #send(ids: readonly string[]): Promise<void> {
    const failures = await this.#remove(ids);
    this.#show(failures.map(({ id }) => id));
    const [first] = failures;
    if (first) this.#toasts.failed(`${counted(failures.length, 'run')} could not be deleted`, first.error);
  }

  #show(ids: readonly string[]): void {
    this.hidden.set(new Set([...this.hidden.value].filter((id) => !ids.includes(id))));
  }
}
