import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { full } from '../design/moment.ts';

/** What there is to say of a run in a line, and whether it is bad news. */
export interface Words {
  readonly text: string;
  readonly isBad: boolean;
}

export function wordsOf({ problem, digest, error, cancelReason, state, notBefore }: RunSummary, now: number): Words {
  if (problem !== null) return { text: problem, isBad: true };
  if (error !== null) return { text: error.message, isBad: true };
  if (digest.activity !== null) return { text: digest.activity, isBad: false };
  if (cancelReason !== null) return { text: cancelReason, isBad: false };
  if (state === 'scheduled') {
    const isLater = notBefore !== null && Date.parse(notBefore) > now;
    return { text: isLater ? `begins ${full(notBefore)}` : 'waits for its turn', isBad: false };
  }
  if (state === 'running') {
    return { text: digest.progress?.message ?? (digest.isIdle ? 'waits for a message' : ''), isBad: false };
  }
  return { text: digest.answer ?? '', isBad: false };
}
