import type { RunOutcome } from '../contract/outcome.ts';
import { NO_USAGE } from '../contract/usage.ts';
import { ChildFailed, OptioError } from '../errors.ts';
import type { CancelOrder } from '../store/store.ts';
import type { ChildOptions, ChildSpec } from '../task/child.ts';
import type { Progress } from '../task/progress.ts';
import type { Task } from '../task/task.ts';
import type { ChildRuns } from './child-runs.ts';
import type { LiveRun } from './live-run.ts';

/** A child that is over. */
export interface Child {
  readonly key: string;
  readonly outcome: RunOutcome;
  /** It was cancelled for its own sake, and not because of its parent or of a sibling. */
  readonly isCancelledAlone: boolean;
}

/** How a child is watched while it is under way. */
export interface ChildWatch {
  readonly onProgress?: ((key: string, progress: Progress) => void) | undefined;
  /** The child is there, maybe since an execution before this one. */
  readonly onBegun?: (runId: string) => Promise<void>;
}

/** What a run begins, and what becomes of it when that ends badly. */
export class Children {
  readonly #parent: LiveRun;
  readonly #runs: ChildRuns;
  readonly #keys = new Set<string>();
  readonly #beginning = new Set<Promise<unknown>>();
  #count = 0;
  #isClosed = false;
  #mayBeThere: boolean;

  constructor(parent: LiveRun, runs: ChildRuns) {
    this.#parent = parent;
    this.#runs = runs;
    this.#mayBeThere = parent.record.startedAt !== null; // an execution before this one may have begun some
  }

  /** This process leaves the run to another one, and its children with it. */
  get isLeft(): boolean {
    return this.#parent.detached.aborted;
  }

  /** Runs one child; the rules on its end are those of `ChildRules`. */
  async run(task: Task | string, options: ChildOptions = {}): Promise<RunOutcome> {
    const { surviveFailure = false, surviveCancel = false, onProgress, key, params } = options;
    const child = await this.execute({ task, params }, this.keyOf(key), { onProgress });
    if (child.outcome.status === 'failed' && !surviveFailure) {
      await this.#runs.cancellation.endChildren(this.#parent.runId, this.orderAfter(child));
      throw failureOf([child]);
    }
    if (child.isCancelledAlone && !surviveCancel) await this.cancelParent(child);
    return child.outcome;
  }

  /** Begins a child, or finds it, and resolves when it is over. Throws `LaunchRefused`. */
  async execute(spec: ChildSpec, key: string, { onProgress, onBegun }: ChildWatch): Promise<Child> {
    if (this.#isClosed) return this.#notBegun(key);
    this.#mayBeThere = true;
    const begun = this.#runs.begin(this.#parent, spec, key);
    this.#beginning.add(begun);
    const record = await begun.finally(() => this.#beginning.delete(begun));
    if (!record) return this.#notBegun(key);
    await onBegun?.(record.id);
    const { outcome, cancel } = await this.#runs.ended(
      record.id,
      onProgress && ((progress) => onProgress(key, progress)),
    );
    if (!outcome) throw new OptioError('internal', `the run ${record.id} is over without an outcome`);
    return {
      key,
      outcome,
      isCancelledAlone: outcome.status === 'cancelled' && (cancel?.from ?? 'outside') === 'outside',
    };
  }

  /**
   * The name of a child: what its author says, or its number. Throws `invalid-input` for one that there was already, and for
   * one with a NUL character, which no column of PostgreSQL's takes.
   */
  keyOf(wanted: string | undefined): string {
    const key = wanted ?? `#${++this.#count}`;
    if (this.#keys.has(key)) {
      throw new OptioError('invalid-input', `the run ${this.#parent.runId} has begun a child "${key}" before`, {
        remedy: 'Give each child a key of its own.',
      });
    }
    if (key.includes('\0')) {
      throw new OptioError('invalid-input', 'key: it holds a NUL character', {
        field: 'key',
        remedy: 'Choose another key for the child.',
      });
    }
    this.#keys.add(key);
    return key;
  }

  /** The order to stop that siblings of such a child get. */
  orderAfter({ key }: Pick<Child, 'key'>): CancelOrder {
    return this.orderTo(`the child "${key}" beside it did not end well`, 'sibling');
  }

  /** An order to stop for the run and what it has begun, with one deadline for all of them. */
  orderTo(reason: string, from: CancelOrder['from']): CancelOrder {
    return this.#runs.cancellation.orderTo(this.#parent.runId, reason, from);
  }

  /** A child that somebody has cancelled takes its parent along. */
  async cancelParent({ key }: Child): Promise<void> {
    await this.#runs.cancellation.cancel(this.#parent.runId, `its child "${key}" was cancelled`);
  }

  async cancelChild(runId: string, order: CancelOrder): Promise<void> {
    await this.#runs.cancellation.cancel(runId, order.reason, order);
  }

  /** Gives its own order to stop to what it has begun. */
  async cancel(order: CancelOrder): Promise<void> {
    if (!this.#mayBeThere) return;
    await this.#runs.cancellation.cancelChildren(this.#parent.runId, { ...order, from: 'parent' });
  }

  /** Cancels what it has begun and is not over, and waits for that; from now on it begins nothing. */
  async end(order: CancelOrder): Promise<void> {
    this.#isClosed = true;
    if (!this.#mayBeThere) return;
    await Promise.allSettled(this.#beginning);
    await this.#runs.cancellation.endChildren(this.#parent.runId, { ...order, from: 'parent' });
  }

  #notBegun(key: string): Child {
    const message = `the child "${key}" was not begun: ${this.#parent.order?.reason ?? 'its parent is over'}`;
    return { key, outcome: cancelled(message), isCancelledAlone: false };
  }
}

/** What a parent is told of children that have failed. */
export function failureOf(failed: readonly Child[]): ChildFailed {
  const [first] = failed;
  const error = first?.outcome.error;
  const more = failed.length > 1 ? `, and ${failed.length - 1} more` : '';
  return new ChildFailed(`the child "${first?.key}" has failed: ${error?.message ?? 'it did not say why'}${more}`, {
    ...(error && { cause: new OptioError(error.code, error.message, error.remedy ? { remedy: error.remedy } : {}) }),
    data: failed.map(({ key, outcome }) => ({ key, outcome })),
  });
}

export function cancelled(message: string): RunOutcome {
  const error = { code: 'aborted' as const, message };
  return { status: 'cancelled', text: '', error, durationMs: 0, usage: NO_USAGE, turns: 0 };
}
