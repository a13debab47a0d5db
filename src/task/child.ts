import type { Progress } from './progress.ts';
import type { Task } from './task.ts';

/** One child: what it does, and with what. */
export interface ChildSpec {
  /** A task, which needs not be defined, or the id of one that is. */
  readonly task: Task | string;
  readonly params?: unknown;
  /**
   * Its name among the children of this run, by which it is found again after a death (its number, in the order in
   * which they are begun). Needed where that order is not the same each time.
   */
  readonly key?: string;
}

/** What becomes of the run above when a child of its ends badly. */
interface ChildRules {
  /** A child that fails is an outcome like any other (false: its siblings are cancelled, and `ChildFailed` is thrown). */
  readonly surviveFailure?: boolean;
  /** A child that is cancelled is an outcome like any other (false: the run above is cancelled as well). */
  readonly surviveCancel?: boolean;
  /** Hears how far a child is. */
  readonly onProgress?: (key: string, progress: Progress) => void;
}

export type ChildOptions = Omit<ChildSpec, 'task'> & ChildRules;

export interface GroupOptions extends ChildRules {
  /** How many of them may be under way at a time (10); a whole number above 0. */
  readonly maxConcurrency?: number;
}
