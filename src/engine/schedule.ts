import { Cron } from 'croner';
import { z } from 'zod';
import type { Schedule, ScheduleRules } from '../contract/schedule.ts';
import { OptioError } from '../errors.ts';

/** What is later than this, in milliseconds, was missed: no process ran, or the clock was set. */
const LATE_MS = 60_000;
/** How many times that were missed are made up for at most. */
const MAX_MISSED = 100;

const rulesSchema = z.strictObject({
  cron: z.string(),
  timeZone: z.string().optional(),
  misfire: z.enum(['skip', 'once', 'all']).optional(),
  overlap: z.enum(['skip', 'queue', 'cancelPrevious']).optional(),
});

/** What is to be done for a time of a schedule. */
export interface Due {
  readonly at: number;
  readonly launch: boolean;
}

/** A schedule that was checked. It knows its times; all of them are in milliseconds, as `Date.now()`. */
export class CheckedSchedule {
  readonly rules: ScheduleRules & Required<Pick<ScheduleRules, 'misfire' | 'overlap'>>;
  readonly #cron: Cron;

  /** Throws `invalid-config` with the field that is at fault. */
  constructor(schedule: unknown) {
    const given = rulesSchema.safeParse(typeof schedule === 'string' ? { cron: schedule } : schedule);
    if (!given.success) {
      const [issue] = given.error.issues;
      const remedy = 'Give a cron expression, or { cron, timeZone?, misfire?, overlap? }.';
      throw invalid(issue?.path.join('.') ?? '', issue?.message ?? 'it is not a valid schedule', remedy);
    }
    const { cron, timeZone, misfire = 'once', overlap = misfire === 'all' ? 'queue' : 'skip' } = given.data;
    if (misfire === 'all' && overlap !== 'queue') {
      throw invalid('overlap', `"${overlap}" leaves one run of all that were missed`, 'Say overlap: "queue" with it.');
    }
    this.#cron = toCron(cron, timeZone);
    this.rules = { cron, ...(timeZone !== undefined && { timeZone }), misfire, overlap };
  }

  /** The first time after this one; undefined when there is none any more. */
  next(after: number): number | undefined {
    return this.#cron.nextRun(new Date(after))?.getTime();
  }

  /** What is to be done now, oldest first, when everything up to `after` is done. */
  due(after: number, now: number): Due[] {
    const times = this.#times(after, now);
    const onTime = times.filter((at) => now - at <= LATE_MS);
    const missed = times.slice(0, times.length - onTime.length);
    return [...this.#made(missed, onTime.length > 0), ...onTime.map((at) => ({ at, launch: true }))];
  }

  /** What is made up for. Of those that are skipped the newest stands for all. */
  #made(missed: readonly number[], isFollowed: boolean): Due[] {
    const newest = missed.at(-1);
    if (newest === undefined) return [];
    const { misfire } = this.rules;
    if (misfire === 'skip') return [{ at: newest, launch: false }];
    // The one that is due now does for those before it as well.
    if (misfire === 'once') return isFollowed ? [] : [{ at: newest, launch: true }];
    const tooMany = missed.at(-MAX_MISSED - 1);
    const made = missed.slice(-MAX_MISSED).map((at) => ({ at, launch: true }));
    return tooMany === undefined ? made : [{ at: tooMany, launch: false }, ...made];
  }

  /** The newest times in this span, oldest first: enough to make up for all that may be. */
  #times(after: number, now: number): number[] {
    const first = this.next(after);
    if (first === undefined || first > now) return [];
    const second = this.next(first);
    if (second === undefined || second > now) return [first];
    // The library looks at whole seconds, and before the one that it is given.
    const until = new Date(Math.floor(now / 1000) * 1000 + 1000);
    const newest = this.#cron.previousRuns(MAX_MISSED + 3, until).map((at) => at.getTime());
    return newest.filter((at) => at > after && at <= now).reverse();
  }
}

/** A schedule as it is written into the store; null for a task without one. */
export function checkedSchedule(schedule: Schedule | undefined): CheckedSchedule['rules'] | null {
  return schedule === undefined ? null : new CheckedSchedule(schedule).rules;
}

function toCron(text: string, timeZone: string | undefined): Cron {
  if (timeZone !== undefined) checkTimeZone(timeZone);
  const cron = parse(text, timeZone);
  const remedy = 'Give minute, hour, day of the month, month and day of the week, such as "0 6 * * 1-5".';
  if (cron instanceof Error) {
    const hasFive = text.trim().split(/\s+/).length === 5;
    const why = hasFive
      ? `"${text}" is not a valid cron expression (${cron.message})`
      : `"${text}" does not have five fields`;
    throw invalid('cron', why, remedy, cron);
  }
  // The library takes a date as well, which would be launched once.
  if (cron.getOnce()) throw invalid('cron', `"${text}" is a date, and not a cron expression`, remedy);
  if (!cron.nextRun()) throw invalid('cron', `"${text}" never comes`, remedy);
  return cron;
}

/** Lists of hours are fixed times, too: when clocks are set back they come once. */
function parse(text: string, timeZone: string | undefined): Cron | Error {
  try {
    const zone = timeZone !== undefined && { timezone: timeZone };
    return new Cron(text, { mode: '5-part', fixedTimeRule: 'no-wildcard', ...zone });
  } catch (thrown) {
    return thrown as Error;
  }
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    const remedy = 'Name one of the IANA database, such as "Europe/Berlin" or "UTC".';
    throw invalid('timeZone', `"${timeZone}" is not a valid time zone`, remedy, cause);
  }
}

function invalid(field: string, message: string, remedy: string, cause?: unknown): OptioError {
  const path = field === '' ? 'schedule' : `schedule.${field}`;
  return new OptioError('invalid-config', `${path}: ${message}`, {
    field: path,
    remedy,
    ...(cause !== undefined && { cause }),
  });
}
