import type { Command } from 'commander';
import type { ScheduleStatus } from '../../contract/schedule.ts';
import type { Invocation } from '../program.ts';
import type { Column } from '../terminal/table.ts';
import { when } from '../terminal/time.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';

/** `schedules`: which tasks are launched by themselves, and when. */
export function addSchedules(program: Command, invocation: Invocation): void {
  program
    .command('schedules')
    .description('Show where the schedules of tasks stand')
    .option(...JSON_FLAG)
    .action((flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const schedules = await api.schedules();
        report.say({ schedules }, () => report.table(schedules, columnsOf(report.now), EMPTY));
      }),
    );
}

function columnsOf(now: number): Column<ScheduleStatus>[] {
  const seen = (at: string | null) => (at ? when(at, now) : '');
  return [
    { title: 'TASK', cell: ({ taskId }) => taskId, look: (_status, style) => style.strong, matters: 6, least: 12 },
    { title: 'SCHEDULE', cell: ({ schedule }) => schedule.cron, matters: 4 },
    { title: 'ZONE', cell: ({ schedule }) => schedule.timeZone ?? '', matters: 1 },
    { title: 'NEXT', cell: nextOf, look: lookOfNext, matters: 5, least: 8 },
    { title: 'LAST', cell: ({ lastFiredAt }) => seen(lastFiredAt), matters: 3 },
    { title: 'SKIPPED', cell: ({ lastSkippedAt }) => seen(lastSkippedAt), matters: 2 },
  ];

  function nextOf({ isPaused, problem, nextFireAt }: ScheduleStatus): string {
    return problem ?? (isPaused ? 'paused' : seen(nextFireAt));
  }
}

const lookOfNext: NonNullable<Column<ScheduleStatus>['look']> = ({ isPaused, problem }, style) =>
  problem ? style.bad : isPaused ? style.warn : style.good;

const EMPTY = 'No task has a schedule. It is a field of its definition: schedule = "0 6 * * 1-5"';
