import type { Command } from 'commander';
import type { RunList, RunUpdate } from '../../contract/run-update.ts';
import { COMMAND } from '../command.ts';
import { readCount } from '../flags/flag-values.ts';
import { addFilterFlags, type FilterFlags, isNarrow, toFilter } from '../flags/run-filter.ts';
import { readRuns } from '../naming/run-pages.ts';
import type { Outlet } from '../outlet.ts';
import type { Invocation } from '../program.ts';
import type { Report } from '../report.ts';
import { showLiveTable } from '../terminal/live-table.ts';
import { tableLines } from '../terminal/table.ts';
import { counted, jsonLine } from '../terminal/text.ts';
import { cutToColumns } from '../terminal/word-wrap.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';
import { runColumns } from '../views/run-table.ts';
import { orLeft } from '../watching/journal.ts';

interface PsFlags extends CommonFlags, FilterFlags {
  readonly watch?: boolean;
  readonly limit?: number;
  readonly quiet?: boolean;
}

/** `ps`: the runs there are. */
export function addPs(program: Command, invocation: Invocation): void {
  const command = program.command('ps').description('List runs: those that have not ended, unless told otherwise');
  addFilterFlags(command)
    .option('-w, --watch', 'draw the table anew whenever something changes; Ctrl-C leaves')
    .option('-n, --limit <number>', 'how many at most (100)', readCount)
    .option('-q, --quiet', 'their ids alone')
    .option(...JSON_FLAG)
    .action((flags: PsFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const filter = toFilter(flags);
        if (flags.watch) {
          const updates = api.watch(filter);
          if (report.isJson) await printUpdates(updates, report.output);
          else await showLiveTable({ output: report.output, updates, lines: (list) => liveLines(list, report) });
          return;
        }
        const { runs, isPartial } = await readRuns(api, filter, flags.limit ?? 100);
        report.say({ runs, isPartial }, () => {
          if (flags.quiet) return runs.map(({ id }) => id);
          const columns = runColumns(report.now, { isShort: report.output.isTerminal });
          const more = isPartial ? [report.style.quiet('There are more: say how many with --limit.')] : [];
          return [...report.table(runs, columns, emptyText(flags)), ...more];
        });
      }),
    )
    .addHelpText('after', HELP);
}

/** Each change as a line of JSON, for as long as somebody reads them. */
async function printUpdates(updates: AsyncIterable<RunUpdate>, output: Outlet): Promise<void> {
  const reader = updates[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orLeft(reader.next(), output.closed);
      if (!next || next.done) return;
      output.write(jsonLine(next.value));
      await output.ready();
    }
  } finally {
    reader.return?.()?.catch(() => {}); // not waited for: it may be waiting for a change that does not come
  }
}

function liveLines({ runs, requests, isPartial }: RunList, report: Report): string[] {
  const { style, width } = report;
  const newest = [...runs.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const waiting = requests.size > 0 ? `, ${counted(requests.size, 'open request')}` : '';
  const title = `${isPartial ? 'more than ' : ''}${counted(runs.size, 'run')}${waiting}`;
  const columns = runColumns(report.now, { isShort: true });
  return [
    style.strong(cutToColumns(title, width)),
    '',
    ...(runs.size === 0 ? [] : tableLines(newest, columns, { style, width })),
  ];
}

function emptyText(flags: PsFlags): string {
  if (isNarrow(flags)) return 'No run is like that.';
  if (flags.all) return `No runs yet. Begin one: ${COMMAND} run "Explain this repository"`;
  return `Nothing is under way. All runs: ${COMMAND} ps -a; a new one: ${COMMAND} run "Explain this repository"`;
}

const HELP = `
Examples:
  ${COMMAND} ps                              what is under way
  ${COMMAND} ps -a --tag team=red            all runs of a team
  ${COMMAND} ps --waiting                    what waits for you
  ${COMMAND} ps -a --state failed --json     for a program
  ${COMMAND} rm $(${COMMAND} ps -q --state failed)

With --watch and --json: each change as a line of JSON; the first one is a snapshot.`;
