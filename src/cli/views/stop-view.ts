import type { StopReport } from '../../contract/server-info.ts';
import { COMMAND } from '../command.ts';
import { duration } from '../terminal/text.ts';

/** How many runs are named. */
const MAX_NAMED = 10;

/** What is waited for before the server is gone; undefined when that takes but a moment. */
export function describeStopping({ cancel, drainMs }: StopReport): string | undefined {
  if (drainMs > 0) {
    const then = cancel ? ' What has not ended by then is cancelled.' : '';
    return `Waiting for what is under way to end, ${duration(drainMs)} at most.${then}`;
  }
  return cancel ? 'Cancelling what is under way.' : undefined;
}

/** What a server that was stopped leaves, in lines. */
export function describeStop(report: StopReport & { readonly hasDied?: boolean }): string[] {
  const { pid, left, waiting, openRequests, drainMs, cancel, hasDied = false } = report;
  const lines = [
    hasDied ? `The server (process ${pid}) died before it could stop.` : `Stopped the server (process ${pid}).`,
  ];
  if (left.length > 0 && drainMs > 0) {
    // The report is of the moment in which it began to end, and somebody else may have told it to end in another way since.
    lines.push(`${count(left, 'run was', 'runs were')} under way. What has not ended meanwhile goes on without it:`);
    lines.push(...named(left));
  } else if (left.length > 0) {
    const goOn = count(left, 'run goes on', 'runs go on');
    lines.push(`${goOn} without it, and the next server takes ${left.length === 1 ? 'it' : 'them'} up:`);
    lines.push(...named(left));
  }
  if (waiting.length > 0) {
    lines.push(`${count(waiting, 'run waits', 'runs wait')} for the next server to begin:`, ...named(waiting));
  }
  if (openRequests > 0 && drainMs === 0) {
    const requests = openRequests === 1 ? 'request waits' : 'requests wait';
    lines.push(`${openRequests} ${requests} for an answer: ${COMMAND} requests`);
  }
  if (left.length + waiting.length > 0) lines.push(`Any command starts a server again, for example: ${COMMAND} ps`);
  else if (cancel)
    lines.push(
      drainMs > 0 ? 'Whatever was under way has ended, or is cancelled.' : 'Whatever was under way is cancelled.',
    );
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
