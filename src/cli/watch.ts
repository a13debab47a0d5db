import type { RunHandle } from '../contract/api.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import { refusalOf } from '../contract/request.ts';
import { answerIfOpen } from './answer.ts';
import { CtrlC } from './ctrl-c.ts';
import { TerminalView } from './terminal-view.ts';

export interface WatchOptions {
  /** Print the journal's events as JSON lines, and nothing else. */
  readonly json: boolean;
  /** Allow whatever is asked for. */
  readonly yes?: boolean;
}

/** Shows a run until it has ended, asks the person at the terminal what Codex asks, and gives the exit code. */
export async function watchRun(handle: RunHandle, options: WatchOptions): Promise<number> {
  const outcome = options.json
    ? await watchAsJson(handle)
    : await new TerminalView(handle, { yes: options.yes ?? false }).watch();
  return exitCodeOf(outcome);
}

/** 0 done, 1 failed, 130 cancelled. */
function exitCodeOf(outcome: RunOutcome): number {
  return { done: 0, failed: 1, cancelled: 130 }[outcome.status];
}

/** Nobody can be asked here: Ctrl-C ends the run, by way of its turn. */
async function watchAsJson(handle: RunHandle): Promise<RunOutcome> {
  const cancel = () => handle.cancel('cancelled with Ctrl-C');
  const ctrlC = new CtrlC({
    onFirst: () => void handle.interrupt().then(cancel, cancel),
    onSecond: cancel,
  });
  try {
    for await (const event of handle.events()) {
      process.stdout.write(`${JSON.stringify(event)}\n`);
      if (event.type !== 'request.opened') continue;
      answerIfOpen(handle, event.request.id, refusalOf(event.request, 'there is no terminal to ask at'));
    }
    return await handle.outcome;
  } finally {
    ctrlC.release();
  }
}
