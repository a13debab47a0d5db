import type { RunSummary } from '../../../src/contract/run-summary.ts';
import type { RunView } from '../../../src/contract/view.ts';
import { Store } from '../live/store.ts';

/** What is asked of somebody before something is done with runs. */
export type Question =
  | { readonly kind: 'cancel'; readonly runs: readonly RunSummary[] }
  | { readonly kind: 'finish'; readonly run: RunSummary }
  | { readonly kind: 'budget'; readonly runId: string; readonly view: RunView };

/** The question that is asked just now, above whatever screen is shown; null when there is none. */
export const question = new Store<Question | null>(null);

/** What of a run would be cut off if it was over now, a sentence for each; empty when nothing would. */
export function cutByFinish(run: {
  readonly turnId: string | null;
  readonly openRequests: number;
  readonly digest: { readonly activity: string | null; readonly queued: number };
}): string[] {
  const cut: string[] = [];
  if (run.turnId !== null) {
    const activity = run.digest.activity === null ? '' : ` (${run.digest.activity})`;
    cut.push(`A turn goes on${activity}: it is cut off where it is, and so are its commands.`);
  }
  if (run.openRequests === 1) cut.push('A request waits for an answer, and gets none any more.');
  if (run.openRequests > 1) cut.push(`${run.openRequests} requests wait for answers, and get none any more.`);
  const { queued } = run.digest;
  if (queued === 1) cut.push('1 message waits, and would never be sent.');
  if (queued > 1) cut.push(`${queued} messages wait, and would never be sent.`);
  return cut;
}
