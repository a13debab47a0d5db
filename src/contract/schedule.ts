import { z } from 'zod';

export const scheduleRulesSchema = z.strictObject({
  /**
   * Minute, hour, day of the month, month and day of the week, such as `0 6 * * 1-5`; or `@hourly`, `@daily`,
   * `@weekly`, `@monthly`, `@yearly`.
   */
  cron: z.string(),
  /**
   * In which zone these times are meant, such as `Europe/Berlin` (that of this machine). A time that does not exist, as
   * clocks are set forward, is launched at the first one that does; one that exists twice is launched once. Times that
   * come round with `*` are launched whenever they are.
   */
  timeZone: z.string().optional(),
  /**
   * What becomes of times that came while no process ran, or that are more than a minute late (`once`). `skip`: nothing.
   * `once`: the newest of them is launched. `all`: each is, and at most the newest 100.
   */
  misfire: z.enum(['skip', 'once', 'all']).optional(),
  /**
   * What becomes of a time while an earlier run of the schedule has not ended (`skip`; with `misfire: 'all'` it is
   * `queue`). `skip`: nothing. `queue`: its run begins after that one, and at most 1,000 wait. `cancelPrevious`: that one is
   * cancelled, and this one begins when it has ended.
   */
  overlap: z.enum(['skip', 'queue', 'cancelPrevious']).optional(),
});
export type ScheduleRules = Readonly<z.infer<typeof scheduleRulesSchema>>;

export const scheduleSchema = z.union([z.string(), scheduleRulesSchema]);
/** When runs of a task are launched by themselves: a cron text, or one with its rules. */
export type Schedule = string | ScheduleRules;

/** Where the schedule of a task stands. Times are ISO 8601, in UTC. */
export const scheduleStatusSchema = z.object({
  taskId: z.string(),
  schedule: scheduleRulesSchema,
  isPaused: z.boolean(),
  /** Why nothing can be launched for now: nobody has defined the task, for example. */
  problem: z.string().nullable(),
  /** Null when there is none: it is paused, say. */
  nextFireAt: z.string().nullable(),
  /** The next times, `nextFireAt` first: five, where there are so many. */
  next: z.array(z.string()),
  lastFiredAt: z.string().nullable(),
  lastSkippedAt: z.string().nullable(),
});
export type ScheduleStatus = Readonly<z.infer<typeof scheduleStatusSchema>>;
