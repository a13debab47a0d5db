import { setTimeout as delay } from 'node:timers/promises';
import type { OptioApi } from '../contract/api.ts';
import { fromUnknown } from '../errors.ts';

export interface ReadinessOptions {
  readonly api: Pick<OptioApi, 'stats'>;
  /** Aborted when the server is about to stop. */
  readonly closing?: AbortSignal;
  /** How long the store may take for a look at it, in milliseconds (5,000). */
  readonly patienceMs?: number;
}

/** Whether work may be given to this server, and why not. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: string[];
}

export async function readReadiness({ api, closing, patienceMs = 5_000 }: ReadinessOptions): Promise<Readiness> {
  const reasons = closing?.aborted ? ['the server is stopping'] : [];
  const late = new AbortController();
  const lateness = delay(patienceMs, 'late' as const, { signal: late.signal });
  lateness.catch(() => {}); // it was quick enough
  try {
    const stats = await Promise.race([api.stats(), lateness]);
    if (stats === 'late') reasons.push(`the store has not answered in ${patienceMs / 1000} s`);
    else if (stats.blocked > 0) {
      reasons.push(`what ${stats.blocked} of the runs tell cannot be written down: the store takes nothing`);
    }
  } catch (thrown) {
    reasons.push(`the store cannot be read (${fromUnknown(thrown).code})`); // anybody may ask, and is told no paths
  } finally {
    late.abort();
  }
  return { ready: reasons.length === 0, reasons };
}
