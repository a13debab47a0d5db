// A task that begins each morning at six: a Codex run for each repository, two at a time, and a report of all of them.
// `node examples/nightly.ts DIR…` waits for the time, with --now it begins at once. Killed in the middle and started
// again, it goes on: the runs that have ended are not made again, and those that live on are waited for.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createCodexTask, Optio, type Task } from 'optio-codex';
import { model } from './model.ts';

const directories = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

/** What is done in one repository. */
function review(directory: string): Task {
  return createCodexTask({
    id: 'review',
    name: `Review ${directory}`,
    config: {
      instructions:
        'Look at what was committed here since yesterday. Name the one change that most needs a second look.',
      autoStart: true,
      workspace: { directory },
      sandbox: 'read-only',
      endRule: 'firstTurn',
      ...model,
    },
    // One that uses more is stopped, and its line in the report says so; the others go on.
    budget: { tokens: 300_000, turns: 3, wallMs: 30 * 60_000, onReached: 'fail' },
    retry: { attempts: 2, backoffMs: 1_000 },
  });
}

const nightly: Task = {
  id: 'nightly',
  name: 'Nightly review',
  schedule: { cron: '0 6 * * *', timeZone: 'Europe/Berlin', misfire: 'once', overlap: 'skip' },
  canRecover: true, // executed once more after a death, it is given the same children by their keys
  budget: { wallMs: 3 * 60 * 60_000, onReached: 'fail' },
  async execute(context) {
    let over = 0;
    const outcomes = await context.runChildren(
      directories.map((directory) => ({ key: resolve(directory), task: review(resolve(directory)) })),
      { maxConcurrency: 2, surviveFailure: true },
    );
    const report = outcomes.map(({ status, text, error }, index) => {
      context.progress((++over * 100) / outcomes.length, directories[index]);
      return `${directories[index]}: ${status === 'done' ? text : `${status}, ${error?.message}`}`;
    });
    await writeFile('report.txt', `${report.join('\n')}\n`);
    return { text: report.join('\n'), output: { reviewed: outcomes.length } };
  },
};

await using optio = await Optio.open();
await optio.define(nightly);

if (process.argv.includes('--now')) {
  const { runs } = await optio.list({ taskId: nightly.id });
  const left = runs.find(({ endedAt }) => endedAt === null);
  const run = left ? await optio.find(left.id) : await optio.launch(nightly.id);
  const { status, text, error } = await run.outcome;
  console.log(status, error?.message ?? '');
  console.log(text);
  process.exitCode = status === 'done' ? 0 : 1;
} else {
  const stopped = once(process, 'SIGINT');
  for (const { taskId, nextFireAt } of await optio.schedules()) console.log(`${taskId} begins at ${nextFireAt}`);
  await stopped;
  await optio.close({ leave: true }); // what runs goes on without us, and the next process takes it up
}
