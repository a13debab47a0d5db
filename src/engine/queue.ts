import type { RunRecord } from '../store/store.ts';
import type { Limits } from './limits.ts';
import { type Kind, Tally } from './tally.ts';

type Waiting = Pick<RunRecord, 'id' | 'taskId' | 'host' | 'state' | 'priority' | 'notBefore' | 'metadata'> &
  Partial<Pick<RunRecord, 'parentId' | 'scheduledFor'>> & {
    /** The how-manieth it is of all that came: the clock may have been set between two of them. */
    readonly place: number;
  };

export interface QueueOptions {
  readonly limits?: Limits;
  /** How many runs of a task may be under way at a time. */
  readonly limitOfTask?: (taskId: string, runId?: string) => number | undefined;
  /** Runs whose task nobody has defined yet stay where they are. */
  readonly canRun?: (run: Waiting) => boolean;
}

/** Runs that wait for their time and for room. The highest priority begins first, and among equals the oldest. */
export class Queue {
  readonly #options: QueueOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #running = new Map<string, Waiting>();

  constructor(options: QueueOptions = {}) {
    this.#options = options;
  }

  add(run: Waiting): void {
    this.#waiting.set(run.id, run);
  }

  /** It does not wait any more, and has ended if it was under way. */
  remove(runId: string): void {
    this.#waiting.delete(runId);
    this.#running.delete(runId);
  }

  /** Takes the next that may begin now; it counts as under way until it is removed. */
  take(now: number): Waiting | undefined {
    const under = new Tally(this.#counted());
    const firsts = this.#firstTimes();
    let next: Waiting | undefined;
    for (const run of this.#waiting.values()) {
      if ((!next || inOrder(run, next) < 0) && this.#mayBegin(run, now, under, firsts)) next = run;
    }
    if (!next) return undefined;
    this.#waiting.delete(next.id);
    this.#running.set(next.id, next);
    return next;
  }

  /** When the next of those that wait for a time is due; undefined when none does. */
  nextDueAt(now: number): number | undefined {
    let next: number | undefined;
    for (const run of this.#waiting.values()) {
      const at = dueAt(run);
      if (at > now && (next === undefined || at < next)) next = at;
    }
    return next;
  }

  /** Whether a run like this would have to wait for others to end, when these begin before it. */
  isFull(run: Kind, besides: readonly Kind[] = []): boolean {
    return !this.#hasRoom(run, new Tally([...this.#counted(), ...besides]));
  }

  /** What was under way when another process died goes on, whatever the limits say by now. */
  #mayBegin(run: Waiting, now: number, under: Tally, firsts: ReadonlyMap<string, string>): boolean {
    if (this.#options.canRun?.(run) === false) return false;
    if (run.state !== 'scheduled') return true;
    const isFirst = !run.scheduledFor || run.scheduledFor === firsts.get(run.taskId);
    return dueAt(run) <= now && isFirst && this.#hasRoom(run, under);
  }

  #hasRoom(run: Kind, under: Tally): boolean {
    const { limits = {}, limitOfTask } = this.#options;
    return under.hasRoom(run, limits, limitOfTask?.(run.taskId, run.id));
  }

  /** Runs of a schedule come one after the other, in the order of their times: for each task the first of them. */
  #firstTimes(): Map<string, string> {
    const firsts = new Map<string, string>();
    for (const runs of [this.#waiting, this.#running]) {
      for (const { taskId, scheduledFor } of runs.values()) {
        const first = firsts.get(taskId);
        if (scheduledFor && (first === undefined || scheduledFor < first)) firsts.set(taskId, scheduledFor);
      }
    }
    return firsts;
  }

  /**
   * A run that has children which are not over counts for no limit: it waits for them, and they would wait for its
   * place. It has one again, in the place of the last of them, when that is over.
   */
  #counted(): Waiting[] {
    const parents = new Set<string>();
    for (const runs of [this.#waiting, this.#running]) {
      for (const { parentId } of runs.values()) if (parentId) parents.add(parentId);
    }
    return [...this.#running.values()].filter(({ id }) => !parents.has(id));
  }
}

/** Children before others: what is begun is to come to an end before more is begun. */
function inOrder(a: Waiting, b: Waiting): number {
  return b.priority - a.priority || Number(!a.parentId) - Number(!b.parentId) || a.place - b.place;
}

function dueAt({ notBefore }: Waiting): number {
  return notBefore === null ? Number.NEGATIVE_INFINITY : Date.parse(notBefore);
}
