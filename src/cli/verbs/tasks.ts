import type { Command } from 'commander';
import type { TaskSummary } from '../../contract/task-definition.ts';
import { COMMAND } from '../command.ts';
import type { Invocation } from '../program.ts';
import type { Column } from '../terminal/table.ts';
import { count } from '../terminal/text.ts';
import { when } from '../terminal/time.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';
import { shortId } from '../views/run-table.ts';

/** `tasks`: what can be launched. */
export function addTasks(program: Command, invocation: Invocation): void {
  program
    .command('tasks')
    .description('List the tasks that are defined')
    .option(...JSON_FLAG)
    .action((flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const tasks = await api.tasks();
        report.say({ tasks }, () => report.table(tasks, columnsOf(report.now), EMPTY));
      }),
    );
}

function columnsOf(now: number): Column<TaskSummary>[] {
  return [
    { title: 'TASK', cell: ({ id }) => id, look: (_task, style) => style.strong, matters: 7, least: 12 },
    { title: 'NAME', cell: ({ id, name }) => (name === id ? '' : name), matters: 4, least: 10 },
    { title: 'STATE', cell: stateOf, look: lookOf, matters: 6, least: 8 },
    { title: 'RUNNING', cell: ({ activeRuns }) => count(activeRuns), isRight: true, matters: 3 },
    { title: 'LAST RUN', cell: ({ lastRun }) => lastRunOf(lastRun, now), matters: 5 },
    { title: 'SCHEDULE', cell: ({ schedule }) => schedule?.schedule.cron ?? '', matters: 2 },
    { title: 'NEXT', cell: ({ schedule }) => (schedule?.nextFireAt ? when(schedule.nextFireAt, now) : ''), matters: 1 },
  ];
}

function stateOf({ isPaused, problem }: TaskSummary): string {
  return problem ?? (isPaused ? 'paused' : 'ready');
}

const lookOf: NonNullable<Column<TaskSummary>['look']> = ({ isPaused, problem }, style) =>
  problem ? style.bad : isPaused ? style.warn : style.good;

function lastRunOf(run: TaskSummary['lastRun'], now: number): string {
  return run ? `${shortId(run.id)} ${run.state} ${when(run.createdAt, now)}` : '';
}

const EMPTY = `No tasks yet. Define one: ${COMMAND} task add FILE (${COMMAND} task add --help shows such a file)`;
