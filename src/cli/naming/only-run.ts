import type { OptioApi } from '../../contract/api.ts';
import type { RunState } from '../../contract/outcome.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import type { RunSummary } from '../../contract/run-summary.ts';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { oneLine } from '../terminal/text.ts';
import { when } from '../terminal/time.ts';

/** The states of a run that goes on, or will. */
export const UNENDED: readonly RunState[] = ['scheduled', 'starting', 'running', 'paused', 'cancelling'];

const MAX_NAME = 50;
/** How many runs are listed to somebody who has named none of them. */
export const MAX_LISTED = 10;

/** The only run that has not ended. Throws `not-found`, and `invalid-input` where there are several; the remedy lists them. */
export async function onlyRun(api: OptioApi): Promise<RunHandle> {
  const { runs, next } = await api.list({ states: [...UNENDED], limit: MAX_LISTED });
  const [only] = runs;
  if (!only) {
    throw new OptioError('not-found', 'there is no unfinished run', {
      remedy: `Those that have ended: ${COMMAND} ps -a`,
    });
  }
  if (runs.length === 1) return api.find(only.id);
  throw new OptioError('invalid-input', 'more than one run has not ended', {
    remedy: listOf(next ? `Name one (all of them: ${COMMAND} ps):` : 'Name one:', runs),
  });
}

/** Runs in lines, under a title: those of one name can be told apart by their times. */
export function listOf(title: string, runs: readonly RunSummary[]): string {
  const now = Date.now();
  const rows = runs.map(({ id, state, name, openRequests, problem, createdAt }) => {
    const waits = problem ? ', waits for its program' : openRequests > 0 ? ', waits for you' : '';
    return [id, state + waits, `launched ${when(createdAt, now)}`, oneLine(name, MAX_NAME)];
  });
  const widths = [0, 1, 2, 3].map((at) => Math.max(0, ...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) => `  ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd());
  return [title, ...lines].join('\n');
}
