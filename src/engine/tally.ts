import type { RunRecord } from '../store/store.ts';
import type { Limits } from './limits.ts';

/** What limits look at. */
export type Kind = Pick<RunRecord, 'taskId' | 'host' | 'metadata'> & { readonly id?: string };

/** How many runs of each kind there are. */
export class Tally {
  readonly #counts = new Map<string, number>();
  #total = 0;

  constructor(runs: Iterable<Kind>) {
    for (const run of runs) this.#count(run);
  }

  /** Whether one more like this is within these limits, and that of its task. */
  hasRoom(run: Kind, limits: Limits, ofTask = Number.POSITIVE_INFINITY): boolean {
    const { total = Number.POSITIVE_INFINITY, perHost = Number.POSITIVE_INFINITY, byTag = {} } = limits;
    return (
      this.#total < total &&
      this.#of(['task', run.taskId]) < ofTask &&
      this.#of(['host', run.host]) < perHost &&
      Object.entries(byTag).every(([tag, limit]) => {
        const value = Object.hasOwn(run.metadata, tag) ? run.metadata[tag] : undefined;
        return value === undefined || this.#of(['tag', tag, value]) < limit;
      })
    );
  }

  #count({ taskId, host, metadata }: Kind): void {
    this.#total++;
    const kinds = [['task', taskId], ['host', host], ...Object.entries(metadata).map((tag) => ['tag', ...tag])];
    for (const kind of kinds) this.#counts.set(kind.join('\0'), this.#of(kind) + 1);
  }

  #of(kind: readonly string[]): number {
    return this.#counts.get(kind.join('\0')) ?? 0;
  }
}
