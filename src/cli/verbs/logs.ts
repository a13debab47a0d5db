import type { Command } from 'commander';
import type { RunEvent } from '../../contract/event.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import { COMMAND } from '../command.ts';
import { exitCodeOfRun } from '../exit-code.ts';
import { readCount } from '../flags/flag-values.ts';
import { namedRunToRead } from '../naming/named-run.ts';
import type { Outlet } from '../outlet.ts';
import type { Invocation } from '../program.ts';
import type { Report } from '../report.ts';
import { howToAnswer } from '../requests/answer-hint.ts';
import { RequestView } from '../requests/request-view.ts';
import { Screen } from '../terminal/screen.ts';
import { jsonLine } from '../terminal/text.ts';
import { type CommonFlags, onApi, RUN_HELP } from '../verb.ts';
import { exitCodeOfDeparture } from '../watching/ending.ts';
import { orLeft, readJournal } from '../watching/journal.ts';
import { Renderer } from '../watching/renderer.ts';
import { showSummary } from '../watching/summary.ts';

interface LogsFlags extends CommonFlags {
  readonly follow?: boolean;
  readonly tail?: number;
}

/** `logs`: what happened in a run, for somebody who only looks. */
export function addLogs(program: Command, invocation: Invocation): void {
  program
    .command('logs')
    .description('Show what has happened in a run')
    .argument('<run>', RUN_HELP)
    .option('-f, --follow', 'go on to its end; the exit code is then that of the run')
    .option('-n, --tail <events>', 'the last so many events only', readCount)
    .option('--json', "print the journal's events as JSON lines")
    .action((name: string, flags: LogsFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const run = await namedRunToRead(api, name);
        const { complaints } = invocation;
        const open = async () => (await api.requests(run.id)).map(({ request }) => request.id);
        await showJournal(run, { report, complaints, flags, open });
        if (!flags.follow) return 0;
        // Whoever reads no further does not wait for its end either.
        const outcome = await orLeft(run.outcome, report.output.closed);
        return outcome ? exitCodeOfRun(outcome) : exitCodeOfDeparture('SIGPIPE');
      }),
    )
    .addHelpText('after', HELP);
}

interface Showing {
  readonly report: Report;
  readonly complaints: Outlet;
  readonly flags: LogsFlags;
  /** The ids of what it asks just now. */
  readonly open: () => Promise<readonly string[]>;
}

async function showJournal(run: RunHandle, { report, complaints, flags, open }: Showing): Promise<void> {
  const { output, style } = report;
  const { follow = false, tail } = flags;
  const { lastSeq: last, openRequests } = await run.details();
  if (last === 0 && !follow) {
    if (!report.isJson) report.say(null, () => ['Nothing has happened in it yet.']);
    return;
  }
  const waiting = new Set(openRequests > 0 && !report.isJson ? await open() : []);
  const after = tail === undefined ? 0 : Math.max(0, last - tail);
  const screen = new Screen({ output, style, isTerminal: output.isTerminal, isStill: true });
  const renderer = new Renderer(screen, style);
  const requests = new RequestView({ screen, style, changes: renderer.changes });
  const show = (event: RunEvent) => {
    renderer.show(event);
    if (event.type === 'request.opened') {
      const { request } = event;
      requests.show(request);
      requests.showQuestions(request);
      if (event.seq > last || waiting.has(request.id)) complaints.write(howToAnswer(run.id, request));
    } else if (event.type === 'request.answered') requests.showAnswer(event);
    else if (event.type === 'run.ended') showSummary(run.id, event.outcome, screen, style);
  };
  for await (const event of readJournal(run, { after, output, left: output.closed })) {
    if (report.isJson) output.write(jsonLine(event));
    else show(event);
    if (!follow && event.seq >= last) return;
  }
}

const HELP = `
Examples:
  ${COMMAND} logs @last
  ${COMMAND} logs -f nightly             what happens in the run of that name
  ${COMMAND} logs RUN --json | jq .type

To answer what it asks, and to say something: ${COMMAND} attach RUN`;
