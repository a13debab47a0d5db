import type { RunOutcome } from '../contract/outcome.ts';
import { OptioError } from '../errors.ts';
import type { RunRecord } from '../store/store.ts';
import type { Progress } from '../task/progress.ts';
import type { Task } from '../task/task.ts';
import type { Age } from './age.ts';
import { Bell } from './bell.ts';
import type { LiveRun } from './live-run.ts';
import type { Rest } from './retry.ts';

/** Before a run is taken up again that had to be left, at first and at most, in milliseconds. */
const COME_BACK_MS = 1_000;
const MAX_COME_BACK_MS = 60_000;

interface LaunchedOptions {
  readonly task: Task | undefined;
  readonly onChange: () => void;
}

/** A run that has not ended, as this process sees it: it waits, or somebody here works on it. */
export class Launched {
  /** As it was when this process came to know it. */
  readonly record: RunRecord;
  /** What whoever began it as a child brings; undefined when it is to be found by its id. */
  task: Task | undefined;
  /** The how-manieth it is of those that this process came to know. */
  readonly place: number;
  /** Its pause, where it is tried again. */
  rest: Rest | undefined;
  readonly #onChange: () => void;
  readonly #ended = Promise.withResolvers<RunOutcome>();
  /** Rings when somebody begins to work on it, leaves it, or it has ended. */
  readonly changes = new Bell();
  #live: LiveRun | undefined;
  #working: Promise<void> | undefined;
  /** Why it was left when it was last worked on here, and how often so one after the other; nobody had thought of that. */
  #why: OptioError | undefined;
  #failures = 0;
  #age: Age | undefined;
  /** Whoever runs it as a child watches how far it is. */
  onProgress: ((progress: Progress) => void) | undefined;

  /** `onChange`: told when somebody begins to work on it, or leaves it, and when what keeps it from getting on is another. */
  constructor(record: RunRecord, place: number, { task, onChange }: LaunchedOptions) {
    this.record = record;
    this.place = place;
    this.task = task;
    this.#onChange = onChange;
  }

  /** There while this process works on it. */
  get live(): LiveRun | undefined {
    return this.#live;
  }

  set live(live: LiveRun | undefined) {
    this.#live = live;
    if (live) {
      live.told.onProgress = (progress) => this.onProgress?.(progress);
      this.#age = live.age;
    }
    this.tell();
  }

  /** As it is counted since somebody here has worked on it, also while it waits for another attempt. */
  get age(): Age | undefined {
    return this.#age;
  }

  /** Settles when nobody here works on it any more; undefined while it waits. */
  get working(): Promise<void> | undefined {
    return this.#working;
  }

  set working(working: Promise<void> | undefined) {
    this.#working = working;
    this.tell();
  }

  /** Somebody here works on it, or is about to. */
  get isTaken(): boolean {
    return this.#working !== undefined;
  }

  /** Why it could not be worked on; undefined when that is as it should be. */
  get why(): OptioError | undefined {
    return this.#why;
  }

  /** How long it is left alone then, in milliseconds. */
  get pauseMs(): number {
    return Math.min(MAX_COME_BACK_MS, COME_BACK_MS * 2 ** Math.max(0, this.#failures - 1));
  }

  /** It had to be left. `why`: for a reason that nobody had thought of. */
  leftAgain(why: OptioError | undefined): void {
    this.#why = why;
    this.#failures = why ? this.#failures + 1 : 0;
    this.#onChange();
  }

  get outcome(): Promise<RunOutcome> {
    return this.#ended.promise;
  }

  /** This process works on nothing any more, and it has not ended. */
  leave(): void {
    this.#ended.promise.catch(() => {}); // nobody may be waiting
    const message = `optio-codex is closed here; the run ${this.record.id} has not ended`;
    const remedy = 'The next process that opens its data directory takes it up.';
    this.#ended.reject(new OptioError('aborted', message, { remedy }));
    this.tell();
  }

  end(outcome: RunOutcome): void {
    this.#ended.resolve(outcome);
    this.tell();
  }

  /** Resolves with the next of these changes. */
  get changed(): Promise<void> {
    return this.changes.after(this.changes.rung);
  }

  tell(): void {
    this.#onChange();
    this.changes.ring();
  }
}
