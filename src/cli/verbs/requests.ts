import type { Command } from 'commander';
import type { OpenRequest } from '../../contract/run-summary.ts';
import { COMMAND } from '../command.ts';
import { namedRunToRead } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import type { Report } from '../report.ts';
import { subjectOf } from '../requests/request-line.ts';
import { RequestView } from '../requests/request-view.ts';
import { Screen } from '../terminal/screen.ts';
import type { Column } from '../terminal/table.ts';
import { when } from '../terminal/time.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';
import { shortId } from '../views/run-table.ts';
import { ChangeView } from '../watching/change-view.ts';
import { isApproval } from '../watching/rule.ts';

/** `requests`: what waits for an answer. */
export function addRequests(program: Command, invocation: Invocation): void {
  program
    .command('requests')
    .description('List what Codex asks and waits for; of one run, show all of it')
    .argument('[run]', RUN_HELP)
    .option(...JSON_FLAG)
    .action((name: string | undefined, flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const run = name === undefined ? undefined : await namedRunToRead(api, name);
        const requests = await api.requests(run?.id);
        if (report.isJson) report.say({ requests }, () => []);
        else if (run && requests.length > 0) showAll(requests, report);
        else report.say(null, () => report.table(requests, columnsOf(report), EMPTY));
      }),
    )
    .addHelpText('after', HELP);
}

/** As a person has to see it who decides. */
function showAll(requests: readonly OpenRequest[], { output, style, now }: Report): void {
  const screen = new Screen({ output, style, isTerminal: output.isTerminal });
  const view = new RequestView({ screen, style, changes: new ChangeView(screen, style) });
  for (const { runId, openedAt, request } of requests) {
    view.show(request);
    view.showQuestions(request);
    const verbs = isApproval(request) ? 'approve, deny' : 'answer, deny';
    screen.line(style.quiet(`    ${runId}/${request.id}  ${when(openedAt, now)}  (${verbs})`));
  }
}

function columnsOf({ output, now }: Report): Column<OpenRequest>[] {
  const idOf = (id: string) => (output.isTerminal ? shortId(id) : id);
  return [
    { title: 'REQUEST', cell: ({ request }) => idOf(request.id), matters: 6 },
    { title: 'RUN', cell: ({ runId }) => idOf(runId), matters: 3 },
    { title: 'KIND', cell: ({ request }) => request.kind, matters: 2 },
    {
      title: 'WHAT',
      cell: ({ request }) => subjectOf(request),
      look: (_open, style) => style.strong,
      matters: 5,
      least: 11, // so that SANDBOXED is there also in 40 columns
    },
    { title: 'SANDBOXED', cell: sandboxedOf, look: lookOfSandboxed, matters: 4 },
    { title: 'ASKED', cell: ({ openedAt }) => when(openedAt, now), look: (_open, style) => style.quiet, matters: 1 },
  ];
}

function sandboxedOf({ request }: OpenRequest): string {
  return isApproval(request) ? request.sandboxed : '';
}

const lookOfSandboxed: NonNullable<Column<OpenRequest>['look']> = (open, style) =>
  sandboxedOf(open) === 'yes' ? style.good : style.bad;

const EMPTY = 'Nothing waits for an answer.';

const HELP = `
Examples:
  ${COMMAND} requests
  ${COMMAND} requests @last                 all that one has to know to decide
  ${COMMAND} approve request-5f0c

SANDBOXED: whether it stays inside the sandbox once it is allowed. What does not may write anywhere as you.`;
