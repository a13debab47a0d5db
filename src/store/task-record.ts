import type { RunRecord } from './run-record.ts';

/** A task, as it is kept: what its author has defined, and where its schedule stands. */
export interface TaskRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** What makes the task again, where it is plain data; null for one that only a program can bring. */
  readonly definition: unknown;
  /** Plain data; null for a task that is launched by hand only. */
  readonly schedule: unknown;
  /** Nothing of it is launched. */
  readonly isPaused: boolean;
  /** The times of its schedule up to this one are dealt with, or were before the schedule held. */
  readonly firesAfter: string;
  /** The newest time of its schedule for which a run was launched. */
  readonly lastFiredAt: string | null;
  /** The newest time of its schedule for which none was. */
  readonly lastSkippedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What its author says of a task. */
export type TaskDefinition = Pick<TaskRecord, 'id' | 'name' | 'metadata'> &
  Partial<Pick<TaskRecord, 'description' | 'definition' | 'schedule'>>;

/** The runs of a task, in short. */
export interface TaskRuns {
  readonly taskId: string;
  /** How many of them have not ended. */
  readonly active: number;
  /** The one that was launched last. */
  readonly last: Pick<RunRecord, 'id' | 'state' | 'createdAt'>;
}

/** A time of a schedule that is dealt with. */
export interface Fire {
  readonly taskId: string;
  /** What `firesAfter` was when that was decided: whoever decided at the same time is too late. */
  readonly after: string;
  readonly scheduledFor: string;
}

export interface Tasks {
  /**
   * Writes down what its author says of it, on disk when it resolves. Where its schedule stands is kept, unless the
   * schedule is another one: that holds from `at` on.
   */
  put(task: TaskDefinition, at: string): Promise<TaskRecord>;
  find(id: string): Promise<TaskRecord | undefined>;
  /** By their ids. */
  list(): Promise<TaskRecord[]>;
  /** What runs there are of the tasks that are written down, or of one; of a task without any there is nothing. */
  runs(id?: string): Promise<TaskRuns[]>;
  /** Removes a task, and none of its runs. False when some of those have not ended; nothing is removed then. */
  remove(id: string): Promise<boolean>;
  /** Pauses it, or lets it go on: what its schedule said meanwhile is not made up for. Throws `not-found`. */
  pause(id: string, isPaused: boolean, at: string): Promise<TaskRecord>;
  /** Says that nothing is launched for a time of its schedule. False when somebody has dealt with it already. */
  skipped(fire: Fire): Promise<boolean>;
  /** Lets the schedule hold from `at` on, where the clock had been wrong. */
  restarted(id: string, at: string): Promise<void>;
}
