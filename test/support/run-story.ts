import type { RunEvent } from '../../src/contract/event.ts';
import type { MortalRun, ReadRun } from './mortal-run.ts';

/** How many events, the newest, and how many characters of each. */
const MAX_EVENTS = 60;
const MAX_LENGTH = 160;
/** They say much, and nothing of what went wrong. */
const LEFT_OUT: ReadonlySet<RunEvent['type']> = new Set(['codex.notification', 'usage.updated', 'item.delta']);

/** What happened to a run whose workers died: enough to find the cause where nothing but this text is left of it. */
export function storyOf({ lives }: MortalRun, { record, events }: ReadRun, problems: readonly string[]): string {
  const { state, claim, attempt, outcome } = record;
  return [
    `problems: ${problems.join('; ')}`,
    `state ${state}, claim ${claim}, attempt ${attempt}, outcome ${JSON.stringify(outcome)}`,
    ...lives.map(({ death, end, stderr }) => `worker ${JSON.stringify(death ?? {})}: ${end} ${stderr}`.trim()),
    ...events
      .filter(({ type }) => !LEFT_OUT.has(type))
      .slice(-MAX_EVENTS)
      .map(lineOf),
  ].join('\n');
}

function lineOf({ seq, at, type, ...body }: RunEvent): string {
  return `${seq} ${at.slice(14)} ${type} ${JSON.stringify(body).slice(0, MAX_LENGTH)}`;
}
