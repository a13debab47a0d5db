import type { Settings } from '../../config/settings.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import { COMMAND } from '../command.ts';
import { Conversation } from '../conversation/conversation.ts';
import { exitCodeOfRun } from '../exit-code.ts';
import type { Outlet } from '../outlet.ts';
import { type Ending, exitCodeOfDeparture, Leaving } from './ending.ts';
import { watchAsJson } from './json-view.ts';
import { describeMissingKey } from './missing-key.ts';
import { PlainView } from './plain-view.ts';

export interface WatchOptions {
  readonly output: Outlet;
  readonly complaints: Outlet;
  /** Print the journal's events as JSON lines, and nothing else. */
  readonly json: boolean;
  /** Allow whatever is asked for. */
  readonly yes?: boolean;
  /** It was begun elsewhere: its messages are shown too, and what nobody here can answer is left alone. */
  readonly isAttached?: boolean;
  /** Whoever looks has just written the first message (true, unless it was begun elsewhere). */
  readonly knowsFirst?: boolean;
  /** It is over after the first turn that comes to its end. */
  readonly endsWithTurn?: boolean;
  /** Only look, also at a terminal. */
  readonly isReadOnly?: boolean;
  /** What the configuration says; told when a key is missing (nothing). */
  readonly settings?: () => Settings;
  /** Leave what is asked to somebody who answers elsewhere, where there is no terminal to ask at. */
  readonly waits?: boolean;
}

/**
 * Shows a run until it has ended or one has left it, and gives the exit code. At a terminal it is a conversation. One
 * leaves it with a key or a signal, and when nobody reads the output any more: it goes on. It goes on, too, when an answer that
 * needs no person is refused, and why is thrown.
 */
export async function watchRun(handle: RunHandle, options: WatchOptions): Promise<number> {
  const { output, complaints, json, yes = false, isAttached = false } = options;
  const {
    isReadOnly = false,
    endsWithTurn = false,
    waits = false,
    settings = () => ({}),
    knowsFirst = !isAttached,
  } = options;
  const leaving = new Leaving();
  const onClosed = () => leaving.leave('SIGPIPE');
  output.closed.addEventListener('abort', onClosed, { once: true });
  if (output.closed.aborted) onClosed();
  const canConverse = !json && !isReadOnly && output.isTerminal && process.stdin.isTTY === true;
  const rest = canConverse || isAttached || waits ? 'leave' : 'decline';
  const view = { output, complaints, rule: { yes, rest }, isAttached, knowsFirst, endsWithTurn, leaving } as const;
  try {
    const ending = json
      ? await watchAsJson(handle, view)
      : canConverse
        ? await new Conversation(handle, view).hold()
        : await new PlainView(handle, view).watch();
    if (!('outcome' in ending) && (canConverse || !isAttached))
      tellHowToGoOn(handle.id, canConverse ? output : complaints);
    if ('outcome' in ending) {
      const missing = describeMissingKey(ending.outcome, settings());
      if (missing !== undefined) complaints.write(`${missing}\n`);
    }
    if ('refused' in ending) throw ending.refused;
    return exitCodeOf(ending);
  } finally {
    output.closed.removeEventListener('abort', onClosed);
  }
}

function exitCodeOf(ending: Exclude<Ending, { refused: unknown }>): number {
  return 'left' in ending ? exitCodeOfDeparture(ending.left) : exitCodeOfRun(ending.outcome);
}

function tellHowToGoOn(runId: string, outlet: Outlet): void {
  outlet.write(`Left. It goes on: ${COMMAND} attach ${runId} · stop it: ${COMMAND} cancel ${runId}\n`);
}
