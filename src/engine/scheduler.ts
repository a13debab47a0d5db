import type { ScheduleRules, ScheduleStatus } from '../contract/schedule.ts';
import { fromUnknown, LaunchRefused } from '../errors.ts';
import type { Fire, RunRecord, Runs, TaskRecord, Tasks } from '../store/store.ts';
import type { Clock } from './clock.ts';
import { Lookout } from './lookout.ts';
import { CheckedSchedule } from './schedule.ts';
import { UNDER_WAY } from './states.ts';

/** How far the clock may be set back before a schedule holds anew from then on, in milliseconds. */
const MAX_SET_BACK_MS = 24 * 3_600_000;
/** How many runs of a schedule may wait for an earlier one. */
const MAX_QUEUED = 1_000;
/** How many of the times to come are told. */
const MAX_NEXT = 5;
/** How long we wait when the store took nothing, in milliseconds. */
const RETRY_MS = 5_000;

export interface SchedulerOptions {
  readonly store: { readonly tasks: Tasks; readonly runs: Pick<Runs, 'list'> };
  readonly clock: Clock;
  /** Why runs of a task cannot be launched in this process. */
  readonly problemOf: (taskId: string) => string | null;
  /** Throws `LaunchRefused`, and `state-changed` when somebody has dealt with that time. */
  readonly launch: (fire: Fire) => Promise<unknown>;
  readonly cancel: (runId: string, reason: string) => Promise<void>;
}

interface Scheduled {
  readonly record: TaskRecord;
  /** A text: why it is none, on this machine. */
  readonly schedule: CheckedSchedule | string;
}

/** Launches runs when their schedules say so, one after the other, with one timer for all. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #scheduled = new Map<string, Scheduled>();
  readonly #lookout: Lookout;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#lookout = new Lookout({ clock: options.clock, work: () => this.#dealWithAll() });
  }

  /** Takes a task as it is written; the next `look` goes by that. */
  set(record: TaskRecord): void {
    if (record.schedule === null) this.#scheduled.delete(record.id);
    else this.#scheduled.set(record.id, { record, schedule: read(record.schedule) });
  }

  drop(taskId: string): void {
    this.#scheduled.delete(taskId);
  }

  /** Resolves when all that is due by now is launched, as far as that can be. */
  look(): Promise<void> {
    return this.#lookout.look();
  }

  /** Launches nothing any more; resolves when nothing is on its way. */
  stop(): Promise<void> {
    return this.#lookout.stop();
  }

  async statuses(): Promise<ScheduleStatus[]> {
    await this.#lookout.idle();
    return [...this.#scheduled.values()].map(({ record, schedule }) => {
      const next = this.#nextTimes({ record, schedule }).map(iso);
      return {
        taskId: record.id,
        schedule: record.schedule as ScheduleRules,
        isPaused: record.isPaused,
        problem: typeof schedule === 'string' ? schedule : this.#options.problemOf(record.id),
        nextFireAt: next[0] ?? null,
        next,
        lastFiredAt: record.lastFiredAt,
        lastSkippedAt: record.lastSkippedAt,
      };
    });
  }

  async #dealWithAll(): Promise<number | undefined> {
    const { clock, problemOf } = this.#options;
    let isDone = true;
    for (const { record, schedule } of [...this.#scheduled.values()]) {
      if (record.isPaused || typeof schedule === 'string' || problemOf(record.id) !== null) continue;
      // Whatever went wrong, it is tried again: nothing is noted that was not done.
      if (!(await this.#dealWith(record, schedule).catch(() => false))) isDone = false;
    }
    if (this.#lookout.isStopped) return undefined;
    const nexts = [...this.#scheduled.values()].flatMap((scheduled) => this.#nextOf(scheduled) ?? []);
    const at = isDone ? Math.min(...nexts) : clock.now() + RETRY_MS;
    return Number.isFinite(at) ? at : undefined;
  }

  /** False when something is left to be done. */
  async #dealWith({ id, firesAfter }: TaskRecord, schedule: CheckedSchedule): Promise<boolean> {
    const { tasks } = this.#options.store;
    const now = this.#options.clock.now();
    let after = firesAfter;
    let isDone = true;
    // Times are not launched again when they come again, but a clock that had been years ahead is not waited for.
    if (Date.parse(after) > now + MAX_SET_BACK_MS) await tasks.restarted(id, iso(now));
    if (schedule.rules.overlap === 'cancelPrevious') await this.#cancelEarlier(id); // we may have died before that
    for (const { at, launch } of schedule.due(Date.parse(after), now)) {
      const fire = { taskId: id, after, scheduledFor: iso(at) };
      isDone = launch ? await this.#launch(fire, schedule.rules.overlap) : await tasks.skipped(fire);
      if (!isDone || this.#lookout.isStopped) break;
      after = fire.scheduledFor;
    }
    const record = await tasks.find(id);
    if (record) this.set(record);
    else this.drop(id);
    return isDone;
  }

  /** False when this time is not dealt with, or by somebody else. */
  async #launch(fire: Fire, overlap: ScheduleRules['overlap']): Promise<boolean> {
    const { tasks } = this.#options.store;
    const { length } = await this.#active(fire.taskId);
    if ((overlap === 'skip' && length > 0) || length > MAX_QUEUED) return tasks.skipped(fire);
    try {
      await this.#options.launch(fire);
    } catch (thrown) {
      if (thrown instanceof LaunchRefused) return isForLater(thrown) ? false : tasks.skipped(fire);
      if (fromUnknown(thrown).code === 'state-changed') return false;
      throw thrown;
    }
    if (overlap === 'cancelPrevious') await this.#cancelEarlier(fire.taskId);
    return true;
  }

  /** The newest run of the schedule is the one that counts. */
  async #cancelEarlier(taskId: string): Promise<void> {
    const active = await this.#active(taskId);
    const newest = active.at(-1);
    for (const { id } of active.slice(0, -1)) {
      await this.#options.cancel(id, `the run for ${newest?.scheduledFor} takes its place`);
    }
  }

  /** The runs of a schedule that have not ended, in the order of their times. */
  async #active(taskId: string): Promise<RunRecord[]> {
    const runs = await this.#options.store.runs.list({ taskId, states: ['scheduled', ...UNDER_WAY] });
    const timeOf = ({ scheduledFor }: RunRecord) => Date.parse(scheduledFor ?? '');
    return runs.filter(({ scheduledFor }) => scheduledFor !== null).sort((a, b) => timeOf(a) - timeOf(b));
  }

  /** As many as are told. */
  #nextTimes(scheduled: Scheduled): number[] {
    const times: number[] = [];
    let next = this.#nextOf(scheduled);
    while (next !== undefined && times.length < MAX_NEXT && typeof scheduled.schedule !== 'string') {
      times.push(next);
      next = scheduled.schedule.next(next);
    }
    return times;
  }

  #nextOf({ record, schedule }: Scheduled): number | undefined {
    if (record.isPaused || typeof schedule === 'string' || this.#options.problemOf(record.id) !== null)
      return undefined;
    return schedule.next(Date.parse(record.firesAfter));
  }
}

/** The task may be launched by whoever comes after us. */
function isForLater({ reason }: LaunchRefused): boolean {
  return reason === 'shutting-down' || reason === 'not-found';
}

function read(schedule: unknown): CheckedSchedule | string {
  try {
    return new CheckedSchedule(schedule);
  } catch (thrown) {
    return fromUnknown(thrown).message;
  }
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
