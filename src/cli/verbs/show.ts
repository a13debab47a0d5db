import type { Command } from 'commander';
import type { RunEventOf } from '../../contract/event.ts';
import { describeLogin } from '../../contract/login-words.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import { runSpecSchema } from '../../contract/run-spec.ts';
import type { OpenRequest, RunDetails } from '../../contract/run-summary.ts';
import { COMMAND } from '../command.ts';
import { linesOfError } from '../error-view.ts';
import { namedRunToRead } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import type { Report } from '../report.ts';
import { describeRequest } from '../requests/request-line.ts';
import { counted, duration, oneLine, printable, printableName, shortPath } from '../terminal/text.ts';
import { when } from '../terminal/time.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';
import { describeSandbox } from '../views/describe-sandbox.ts';
import { activityOf, describeBudget, describeState, lookOfState, shortId } from '../views/run-table.ts';

/** Of so many events the first are looked at. */
const MAX_BEGIN = 50;

/** `show`: all that is known of a run besides what happened in it. */
export function addShow(program: Command, invocation: Invocation): void {
  program
    .command('show')
    .description('Show where a run stands, what it uses, and what came of it')
    .argument('<run>', RUN_HELP)
    .option(...JSON_FLAG)
    .action((name: string, flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const run = await namedRunToRead(api, name);
        const details = await run.details();
        const requests = report.isJson || details.openRequests === 0 ? [] : await api.requests(run.id);
        const begin = report.isJson ? {} : await beginOf(run, details);
        report.say(details, () => linesOf(details, { requests, begin }, report));
      }),
    )
    .addHelpText('after', HELP);
}

/** What only the journal knows, in its first events. */
interface Begin {
  readonly session?: RunEventOf<'session.started'>;
  readonly message?: string;
}

async function beginOf(run: RunHandle, { lastSeq }: RunDetails): Promise<Begin> {
  const last = Math.min(lastSeq, MAX_BEGIN);
  let begin: Begin = {};
  if (last === 0) return begin;
  for await (const event of run.events()) {
    if (event.type === 'session.started') begin = { session: event, ...begin };
    if (event.type === 'message.sent') begin = { message: event.text, ...begin };
    if (event.seq >= last || (begin.session && begin.message !== undefined)) break;
  }
  return begin;
}

interface Shown {
  readonly requests: readonly OpenRequest[];
  readonly begin: Begin;
}

function linesOf(run: RunDetails, { requests, begin }: Shown, report: Report): string[] {
  const { style, now } = report;
  const { digest, outcome } = run;
  const fields: (readonly [name: string, value: string | null])[] = [
    ['state', lookOfState(run, style)(describeState(run))],
    ['problem', run.problem && style.bad(printable(run.problem))],
    ['told to stop', run.cancelReason && oneLine(run.cancelReason, 300)],
    ['task', printableName(run.taskId)],
    ['asked', oneLine(begin.message ?? instructionsOf(run) ?? '', 300)],
    ['launched', when(run.createdAt, now)],
    ['for', run.scheduledFor && when(run.scheduledFor, now)],
    ['not before', run.startedAt ? null : run.notBefore && when(run.notBefore, now)],
    ['begun', run.startedAt && when(run.startedAt, now)],
    ['ended', run.endedAt && `${when(run.endedAt, now)}${outcome ? `, after ${duration(outcome.durationMs)}` : ''}`],
    ['removed', run.expiresAt && when(run.expiresAt, now)],
    ['attempt', run.attempt > 1 ? String(run.attempt) : null],
    ['repeats', run.retryOf],
    ['begun by', run.parentId],
    ['does', oneLine(activityOf(run) ?? '', 200)],
    ['queued', digest.queued > 0 ? `${counted(digest.queued, 'message')}: ${COMMAND} queue ${shortId(run.id)}` : null],
    ['progress', progressOf(run)],
    ['model', digest.model && printableName([digest.model, digest.effort].filter(Boolean).join(', '))],
    ['used', `${counted(digest.turns, 'turn')}, ${counted(digest.tokens, 'token')}${contextOf(run)}`],
    ['may use', (run.budget && describeBudget(run.budget)) ?? null],
    [
      'changed',
      digest.diff.files > 0
        ? `${counted(digest.diff.files, 'file')}, +${digest.diff.added} -${digest.diff.removed}`
        : null,
    ],
    [
      'tags',
      printableName(
        Object.entries(run.metadata)
          .map((pair) => pair.join('='))
          .join(', '),
      ),
    ],
    ['params', run.params == null ? null : oneLine(JSON.stringify(run.params), 300)],
    ['workspace', workspaceOf(run, begin)],
    ['sandbox', begin.session ? describeSandbox(begin.session.sandbox) : null],
    ['login', begin.session ? printableName(describeLogin(begin.session)) : null],
    ['branch', outcome?.workspace?.branch ? printableName(outcome.workspace.branch) : null],
  ];
  const shown = fields.flatMap(([name, value]) => (value ? [`  ${style.quiet(name.padEnd(12))}  ${value}`] : []));
  return [
    `${style.strong(oneLine(run.name, 200))}  ${style.quiet(run.id)}`,
    // Why it has failed is what one looks for.
    ...(run.error ? linesOfError(run.error, style).map((line) => `  ${line}`) : []),
    ...shown,
    ...linesOfRequests(run.id, requests, report),
    ...(outcome?.text ? ['', ...printable(outcome.text).trimEnd().split('\n')] : []),
  ];
}

/** What it is to be asked once it has a session, or would have been; undefined where its task says nothing first. */
function instructionsOf({ definition }: RunDetails): string | undefined {
  const { data } = runSpecSchema
    .pick({ autoStart: true, instructions: true })
    .safeParse((definition as { readonly config?: unknown } | null)?.config);
  return data?.autoStart ? data.instructions : undefined;
}

function linesOfRequests(runId: string, requests: readonly OpenRequest[], { style }: Report): string[] {
  if (requests.length === 0) return [];
  const title = style.warn(`It waits for you; all of it: ${COMMAND} requests ${shortId(runId)}`);
  return ['', title, ...requests.map((open) => `  ${describeRequest(open)}`)];
}

/** Of a worktree whose run has ended no more than a branch of its repository may be left. */
function workspaceOf({ outcome }: RunDetails, { session }: Begin): string | null {
  const { path, kind, repository } = outcome?.workspace ?? { ...session?.workspace, repository: undefined };
  if (path === undefined || kind === undefined) return null;
  if (!outcome?.workspace || kind !== 'worktree') return printableName(`${shortPath(path)} (${kind})`);
  return repository === undefined ? null : printableName(`${shortPath(repository)} (in a worktree of it)`);
}

function progressOf({ digest: { progress } }: RunDetails): string | null {
  if (!progress) return null;
  const percent = progress.percent === null ? [] : [`${Math.round(progress.percent)}%`];
  return [...percent, ...(progress.message ? [oneLine(progress.message, 200)] : [])].join(', ');
}

function contextOf({ digest: { contextTokens, contextWindow } }: RunDetails): string {
  if (contextTokens === null || !contextWindow) return '';
  return `; ${Math.round((100 * contextTokens) / contextWindow)}% of its context`;
}

const HELP = `
Examples:
  ${COMMAND} show @last
  ${COMMAND} show run-01a21534 --json`;
