import type { RunRecord } from '../store/store.ts';

/** How many runs may be under way at a time; what is left out has no limit. */
export interface Limits {
  /** In all. */
  readonly total?: number;
  /** On the same host. */
  readonly perHost?: number;
  /** With the same value of one of these tags: `{ team: 2 }` lets each team have two. */
  readonly byTag?: Readonly<Record<string, number>>;
}

type Waiting = Pick<RunRecord, 'id' | 'taskId' | 'host' | 'state' | 'priority' | 'notBefore' | 'metadata'> &
  Partial<Pick<RunRecord, 'parentId' | 'scheduledFor'>> & {
    /** The how-manieth it is of all that came: the clock may have been set between two of them. */
    readonly place: number;
  };

/** What limits look at. */
type Kind = Pick<Waiting, 'taskId' | 'host' | 'metadata'> & { readonly id?: string };

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
    const due = [...this.#waiting.values()].filter((run) => this.#mayBegin(run, now));
    const [first] = due.sort(inOrder);
    if (!first) return undefined;
    this.#waiting.delete(first.id);
    this.#running.set(first.id, first);
    return first;
  }

  /** When the next of those that wait for a time is due; undefined when none does. */
  nextDueAt(now: number): number | undefined {
    const later = [...this.#waiting.values()].map(dueAt).filter((at) => at > now);
    return later.length > 0 ? Math.min(...later) : undefined;
  }

  /** Whether a run like this would have to wait for others to end, when these begin before it. */
  isFull(run: Kind, besides: readonly Kind[] = []): boolean {
    return !this.#hasRoom(run, besides);
  }

  /** What was under way when another process died goes on, whatever the limits say by now. */
  #mayBegin(run: Waiting, now: number): boolean {
    if (this.#options.canRun?.(run) === false) return false;
    return run.state !== 'scheduled' || (dueAt(run) <= now && this.#isFirst(run) && this.#hasRoom(run));
  }

  /** Runs of a schedule come one after the other, in the order of their times. */
  #isFirst({ taskId, scheduledFor }: Waiting): boolean {
    if (!scheduledFor) return true;
    const others = [...this.#waiting.values(), ...this.#running.values()];
    return !others.some((other) => other.taskId === taskId && other.scheduledFor && other.scheduledFor < scheduledFor);
  }

  #hasRoom(run: Kind, besides: readonly Kind[] = []): boolean {
    const { limits = {}, limitOfTask } = this.#options;
    const running = [...this.#counted(), ...besides];
    if (running.length >= (limits.total ?? Number.POSITIVE_INFINITY)) return false;
    const onHost = running.filter(({ host }) => host === run.host).length;
    if (onHost >= (limits.perHost ?? Number.POSITIVE_INFINITY)) return false;
    const ofTask = running.filter(({ taskId }) => taskId === run.taskId).length;
    if (ofTask >= (limitOfTask?.(run.taskId, run.id) ?? Number.POSITIVE_INFINITY)) return false;
    return Object.entries(limits.byTag ?? {}).every(([tag, limit]) => {
      const value = run.metadata[tag];
      return value === undefined || running.filter(({ metadata }) => metadata[tag] === value).length < limit;
    });
  }

  /**
   * A run that has children which are not over counts for no limit: it waits for them, and they would wait for its
   * place. It has one again, in the place of the last of them, when that is over.
   */
  #counted(): Waiting[] {
    const parents = new Set<string>();
    for (const { parentId } of [...this.#waiting.values(), ...this.#running.values()]) {
      if (parentId) parents.add(parentId);
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
