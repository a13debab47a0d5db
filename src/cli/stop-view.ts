import type { StopReport } from '../contract/server-info.ts';
import { COMMAND } from './command.ts';

/** How many runs are named. */
const MAX_NAMED = 10;

/** What a server that was stopped leaves, in lines. */
export function describeStop({ pid, left, waiting, openRequests }: StopReport): string[] {
  const lines = [`Stopped the server (process ${pid}).`];
  if (left.length > 0) {
    lines.push(`${count(left, 'run goes on', 'runs go on')} without it, and the next server takes up where they are:`);
    lines.push(...named(left));
  }
  if (waiting.length > 0) {
    lines.push(`${count(waiting, 'run waits', 'runs wait')} for the next server to begin:`, ...named(waiting));
  }
  if (openRequests > 0) {
    const requests = openRequests === 1 ? 'request waits' : 'requests wait';
    lines.push(`${openRequests} ${requests} for an answer: ${COMMAND} requests`);
  }
  if (left.length + waiting.length > 0) lines.push(`Any command starts a server again, for example: ${COMMAND} ps`);
  else lines.push('It leaves nothing that runs.');
  return lines;
}

function count(runs: readonly string[], one: string, many: string): string {
  return `${runs.length} ${runs.length === 1 ? one : many}`;
}

function named(runs: readonly string[]): string[] {
  const more = runs.length - MAX_NAMED;
  return [...runs.slice(0, MAX_NAMED).map((id) => `  ${id}`), ...(more > 0 ? [`  … and ${more} more`] : [])];
}
