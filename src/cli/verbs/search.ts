import type { Command } from 'commander';
import { COMMAND } from '../command.ts';
import { readCount } from '../flags/flag-values.ts';
import { addNarrowingFlags, type FilterFlags, isNarrow, toFilter } from '../flags/run-filter.ts';
import { readFound } from '../naming/found-pages.ts';
import type { Invocation } from '../program.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';
import { foundColumns, linesOf } from '../views/found-table.ts';

interface SearchFlags extends CommonFlags, FilterFlags {
  readonly limit?: number;
}

/** `search`: what was said and done in runs. */
export function addSearch(program: Command, invocation: Invocation): void {
  const command = program
    .command('search')
    .description('Find what was said and done in runs, also in those that have ended')
    .argument('<text...>', 'what is looked for, as it stands, in upper or lower case');
  addNarrowingFlags(command)
    .option('-n, --limit <number>', 'in how many runs at most (20)', readCount)
    .option(...JSON_FLAG)
    .action((words: string[], flags: SearchFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const query = { ...toFilter({ ...flags, all: true }), text: words.join(' ') };
        const answer = await readFound(api, query, flags.limit ?? 20);
        report.say(answer, () => {
          const { style } = report;
          const columns = foundColumns(report.now, { isShort: report.output.isTerminal });
          const empty = isNarrow(flags) ? 'No run that matches the filters says that.' : 'No run says that.';
          return [
            ...report.table(linesOf(answer.found), columns, empty),
            ...(answer.isPartial ? [style.quiet('There may be more: say in how many runs with --limit.')] : []),
            ...(answer.isBehind ? [style.quiet('Journals are still being read: look again in a moment.')] : []),
          ];
        });
      }),
    )
    .addHelpText('after', HELP);
}

const HELP = `
Examples:
  ${COMMAND} search connection refused
  ${COMMAND} search --state failed ENOSPC     where runs have failed
  ${COMMAND} search --tag team=red --json src/app.ts
  ${COMMAND} search -- --force                what begins with a dash

It looks into prompts and messages, what the agent said and thought, its commands and what they printed, the names of
files it changed, tools, requests, notices and errors; of what is long, into the beginning and the end.`;
