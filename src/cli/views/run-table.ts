import type { Budget } from '../../contract/budget.ts';
import type { RunState } from '../../contract/outcome.ts';
import type { RunSummary } from '../../contract/run-summary.ts';
import type { Style } from '../terminal/style.ts';
import type { Column } from '../terminal/table.ts';
import { count, counted, duration } from '../terminal/text.ts';
import { when } from '../terminal/time.ts';

/** The beginning of an id that means it for all practical purposes; ids that are not ours stay whole. */
export function shortId(id: string): string {
  return /^(run-[0-9a-f]{8})[0-9a-f]{8}$/.exec(id)?.[1] ?? /^(request-[0-9a-f]{8})[0-9a-f]{8}$/.exec(id)?.[1] ?? id;
}

/** Runs as a table; `now` in milliseconds. `isShort`: ids are shown by their beginnings. */
export function runColumns(now: number, { isShort }: { readonly isShort: boolean }): Column<RunSummary>[] {
  return [
    { title: 'RUN', cell: ({ id }) => (isShort ? shortId(id) : id), look: () => plain, matters: 10 },
    { title: 'NAME', cell: ({ name }) => name, look: (_run, style) => style.strong, matters: 8, least: 13 },
    { title: 'STATE', cell: stateInShort, look: lookOfState, matters: 9, least: 11 },
    { title: 'DOING', cell: doing, look: (_run, style) => style.quiet, matters: 6, least: 24 },
    { title: 'TASK', cell: ({ taskId }) => taskId, matters: 2, least: 8 },
    { title: 'MODEL', cell: ({ digest }) => digest.model ?? '', matters: 1, least: 8 },
    { title: 'TURNS', cell: ({ digest }) => count(digest.turns), isRight: true, matters: 3 },
    { title: 'TOKENS', cell: ({ digest }) => count(digest.tokens), isRight: true, matters: 4 },
    { title: 'FILES', cell: changes, matters: 5 },
    {
      title: 'LAUNCHED',
      cell: ({ createdAt }) => when(createdAt, now),
      look: (_run, style) => style.quiet,
      matters: 7,
    },
  ];
}

/** Where a run stands, and whether that is a matter for whoever looks. */
export function describeState(run: RunSummary): string {
  const { state, openRequests, problem } = run;
  if (problem) return `${state}, stuck`;
  return openRequests > 0 ? `${state}, asks you` : stateInShort(run);
}

/** The same in a word or two; what is a matter for whoever looks says enough. */
function stateInShort({ state, openRequests, problem, digest }: RunSummary): string {
  if (problem) return 'stuck';
  if (openRequests > 0) return 'asks you';
  return digest.progress?.percent == null || isEnded(state)
    ? state
    : `${state} ${Math.round(digest.progress.percent)}%`;
}

export function lookOfState({ state, openRequests, problem }: RunSummary, style: Style): (text: string) => string {
  if (problem) return style.bad;
  if (openRequests > 0) return style.warn;
  const looks: Readonly<Record<RunState, (text: string) => string>> = {
    scheduled: style.quiet,
    starting: style.place,
    running: style.place,
    paused: style.warn,
    cancelling: style.warn,
    done: style.good,
    failed: style.bad,
    cancelled: style.warn,
  };
  return looks[state];
}

/** What a budget allows, and what happens then; undefined for one that allows everything. */
export function describeBudget({ turns, tokens, wallMs, onReached = 'pause' }: Budget): string | undefined {
  const limits = [
    ...(turns === undefined ? [] : [counted(turns, 'turn')]),
    ...(tokens === undefined ? [] : [counted(tokens, 'token')]),
    ...(wallMs === undefined ? [] : [duration(wallMs)]),
  ];
  if (limits.length === 0) return undefined;
  return `${limits.join(', ')}; then it ${onReached === 'fail' ? 'has failed' : 'is paused'}`;
}

/** What it does, or why it does nothing. */
function doing(run: RunSummary): string {
  const { state, problem, error, cancelReason, digest } = run;
  if (problem) return problem;
  if (state === 'failed') return error ? `${error.code}: ${error.message}` : '';
  if (cancelReason) return cancelReason;
  return digest.progress?.message ?? activityOf(run) ?? '';
}

/** What its agent does; null where there is nothing to say. */
export function activityOf({ digest: { activity, isIdle } }: RunSummary): string | null {
  return activity ?? (isIdle ? 'waiting for a message' : null);
}

function changes({ digest: { diff } }: RunSummary): string {
  return diff.files === 0 ? '' : `${diff.files} +${diff.added} -${diff.removed}`;
}

function isEnded(state: RunState): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

function plain(text: string): string {
  return text;
}
