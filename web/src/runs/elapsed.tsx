import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { durationInWords } from '../design/in-words.ts';
import { full } from '../design/moment.ts';
import { useNow } from '../design/ticking.ts';
import { elapsedOf } from './columns.ts';

/** For how long a run has been under way, or was. */
export function Elapsed({ run }: { readonly run: RunSummary }) {
  if (run.startedAt === null) return null;
  return run.endedAt === null ? <Running run={run} /> : <Time run={run} now={0} />;
}

/** It alone is drawn anew each second. */
function Running({ run }: { readonly run: RunSummary }) {
  return <Time run={run} now={useNow()} />;
}

function Time({ run, now }: { readonly run: RunSummary; readonly now: number }) {
  return <time title={run.startedAt ? full(run.startedAt) : ''}>{durationInWords(elapsedOf(run, now) ?? 0)}</time>;
}
