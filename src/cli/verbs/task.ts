import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { TaskDetails } from '../../contract/task-definition.ts';
import { COMMAND } from '../command.ts';
import { checkTaskPath, otherMachine } from '../flags/other-machine.ts';
import { readTaskFile, toTask } from '../flags/task-file.ts';
import { withNamedTask } from '../naming/named-task.ts';
import type { Invocation } from '../program.ts';
import type { Report } from '../report.ts';
import { oneLine, printable, printableName } from '../terminal/text.ts';
import { when } from '../terminal/time.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';

/** `task`: one task, and what may be done with it. */
export function addTask(program: Command, invocation: Invocation): void {
  const task = program.command('task').description('Define a task, show it, pause it, remove it').usage('<command>');
  task
    .command('add')
    .description('Define a task; one of the same id takes its place, for the runs to come')
    .argument('<file>', 'in JSON or TOML; "-" for standard input')
    .option(...JSON_FLAG)
    .action(async (file: string, flags: CommonFlags) => {
      const piped = async () =>
        toTask(await text(invocation.input), { name: 'standard input', directory: process.cwd() });
      const { written, placed } = file === '-' ? await piped() : readTaskFile(file);
      await onApi(invocation, flags, async (api, report) => {
        const machine = await otherMachine(api, invocation);
        if (machine !== undefined) checkTaskPath(written.config.workspace, machine);
        const details = await api.addTask(placed);
        const id = printableName(details.id);
        const word = /^[\w.-]+$/.test(id) ? id : `'${id.replaceAll("'", "'\\''")}'`;
        const did = details.createdAt === details.updatedAt ? 'Defined' : 'Defined anew, for the runs to come:';
        report.say(details, () => [`${did} ${id}. Launch it: ${COMMAND} launch ${word}`]);
      });
    })
    .addHelpText('after', HELP);
  task
    .command('show')
    .description('Show a task with its definition')
    .argument('<task>')
    .option(...JSON_FLAG)
    .action((id: string, flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const details = await withNamedTask(api, () => api.task(id));
        report.say(details, () => linesOf(details, report));
      }),
    );
  const change = (name: string, description: string, verb: 'removeTask' | 'pauseTask' | 'resumeTask', told: string) =>
    task
      .command(name)
      .description(description)
      .argument('<task>')
      .option(...JSON_FLAG)
      .action((id: string, flags: CommonFlags) =>
        onApi(invocation, flags, async (api, report) => {
          await withNamedTask(api, () => api[verb](id));
          report.say({ task: id }, () => [`${printableName(id)} ${told}`]);
        }),
      );
  change('rm', 'Forget a task; its runs are kept', 'removeTask', 'is forgotten.');
  change('pause', 'Launch nothing of a task until it is resumed; its runs go on', 'pauseTask', 'is paused.');
  change('resume', 'Let a task be launched again', 'resumeTask', 'can be launched again.');
}

function linesOf(task: TaskDetails, { style, now }: Report): string[] {
  const { schedule } = task;
  const fields: (readonly [string, string | null])[] = [
    [
      'state',
      task.problem ? style.bad(oneLine(task.problem, 300)) : task.isPaused ? style.warn('paused') : style.good('ready'),
    ],
    ['about', task.description && oneLine(task.description, 500)],
    [
      'tags',
      printableName(
        Object.entries(task.metadata)
          .map((pair) => pair.join('='))
          .join(', '),
      ),
    ],
    [
      'schedule',
      schedule && printableName([schedule.schedule.cron, schedule.schedule.timeZone].filter(Boolean).join(' ')),
    ],
    ['next', schedule?.nextFireAt ? when(schedule.nextFireAt, now) : null],
    ['running', String(task.activeRuns)],
    [
      'last run',
      task.lastRun && printableName(`${task.lastRun.id} ${task.lastRun.state} ${when(task.lastRun.createdAt, now)}`),
    ],
    ['defined', when(task.updatedAt, now)],
  ];
  const definition = task.definition == null ? [] : JSON.stringify(task.definition, null, 2).split('\n');
  return [
    `${style.strong(oneLine(task.name, 200))}  ${style.quiet(printableName(task.id))}`,
    ...fields.flatMap(([name, value]) => (value ? [`  ${style.quiet(name.padEnd(10))}  ${value}`] : [])),
    '',
    ...(definition.length > 0 ? definition.map(printable) : ['Only the program that defines it knows what it does.']),
  ];
}

const HELP = `
Example of a file (nightly.toml):
  id = "nightly"
  schedule = "0 6 * * 1-5"
  [config]
  instructions = "Update the dependencies of {{package}} and run the tests"
  autoStart = true
  endRule = "firstTurn"
  [config.workspace]
  worktree = "."
  [params]
  package = "server"

Relative directories in it are meant from the file; on standard input, from here.`;
