import type { RunHandle } from '../contract/run-handle.ts';
import { exitCodeOfRun } from './exit-code.ts';
import { watchAsJson } from './json-view.ts';
import type { Outlet } from './outlet.ts';
import { cancelRun } from './tell-run.ts';
import { TerminalView } from './terminal-view.ts';

export interface WatchOptions {
  readonly output: Outlet;
  readonly complaints: Outlet;
  /** Print the journal's events as JSON lines, and nothing else. */
  readonly json: boolean;
  /** Allow whatever is asked for. */
  readonly yes?: boolean;
  /** It was begun elsewhere: its messages are shown too. */
  readonly isAttached?: boolean;
}

/**
 * Shows a run until it has ended, asks the person at the terminal what Codex asks, and gives the exit code. The run is
 * cancelled when nobody reads the output any more.
 */
export async function watchRun(handle: RunHandle, options: WatchOptions): Promise<number> {
  const { output, complaints, json, yes = false, isAttached = false } = options;
  const onClosed = () => cancelRun(handle, 'nobody reads the output any more');
  output.closed.addEventListener('abort', onClosed, { once: true });
  if (output.closed.aborted) onClosed();
  try {
    const view = { output, complaints, yes, isAttached };
    return exitCodeOfRun(json ? await watchAsJson(handle, view) : await new TerminalView(handle, view).watch());
  } finally {
    output.closed.removeEventListener('abort', onClosed);
  }
}
