import type { RunOutcome } from '../contract/outcome.ts';
import type { RunHandle } from '../contract/run-handle.ts';
import { CtrlC } from './ctrl-c.ts';
import { readJournal } from './journal.ts';
import type { Outlet } from './outlet.ts';
import { applyRule } from './rule.ts';
import { cancelRun } from './tell-run.ts';
import { jsonLine } from './text.ts';

export interface JsonViewOptions {
  readonly output: Outlet;
  /** Allow whatever is asked for. */
  readonly yes: boolean;
  readonly complaints: Outlet;
}

/** Prints the journal's events as JSON lines, and nothing else. Nobody can be asked: Ctrl-C ends the run. */
export async function watchAsJson(handle: RunHandle, options: JsonViewOptions): Promise<RunOutcome> {
  const { output, complaints, yes } = options;
  const cancel = (what: string) => cancelRun(handle, `cancelled with ${what}`);
  const cancelByKey = () => cancel('Ctrl-C');
  // By way of the turn, so that the journal tells its end.
  const onFirst = () => void handle.interrupt().then(cancelByKey, cancelByKey);
  const ctrlC = new CtrlC({ onFirst, onSecond: cancel });
  // From then on there is nothing to stop but us, and a reader of our output may keep us waiting.
  const release = () => ctrlC.release();
  void handle.outcome.then(release, release);
  const last = applyRule(handle, { yes, canAsk: false });
  last.catch(() => {}); // what keeps it from reading keeps us from it too
  let isLost = false;
  const onLost = (after: number) => {
    isLost = true;
    complaints.write(
      `optio-codex: this output is being read too slowly: the events between ${after} and the last one are missing\n`,
    );
  };
  for await (const event of readJournal(handle, output, onLost)) output.write(jsonLine(event));
  const end = await last;
  if (isLost && end) output.write(jsonLine(end));
  return handle.outcome;
}
