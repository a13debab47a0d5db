import type { RunEvent } from '../contract/event.ts';
import type { JournalRange } from '../store/store.ts';

/** How many stretches are looked at together. Those that are left behind are only not compacted. */
const MAX_STRETCHES = 8_192;
const PROGRESS = 'progress';
/** A marker in the place of one event gains nothing, unless that told as many characters. */
const MIN_CHARS = 256;

/** Events of one kind, one after the other: deltas of an item, or how far the run was. */
interface Stretch {
  readonly key: string;
  readonly from: number;
  to: number;
  /** How many characters its deltas tell. */
  chars: number;
  /** It was told whole, or anew, later. */
  isSuperseded: boolean;
}

/**
 * Finds the stretches of a journal that say nothing any more: deltas of items that were told whole later, and how far the
 * run was where that was told again. Each can be replaced by one marker without a difference in what one sees at the end
 * of these events. However long the journal is, it remembers little of it.
 */
export class Superseded {
  #stretches: Stretch[] = [];
  /** Those that may become superseded yet. */
  #open = new Map<string, Stretch[]>();

  /** Takes the next event; gives the ranges that are found, once there are many. */
  take(event: RunEvent): JournalRange[] {
    if (event.type === 'item.completed') this.#supersede(keyOf(event, event.item.id));
    if (event.type === 'progress') this.#supersede(PROGRESS);
    if (event.type === 'item.delta') this.#add(keyOf(event, event.itemId), event.seq, event.delta.length);
    if (event.type === 'progress') this.#add(PROGRESS, event.seq);
    return this.#stretches.length < MAX_STRETCHES ? [] : this.#settle();
  }

  /** There are no more events: the ranges that are left. */
  end(): JournalRange[] {
    return this.#settle();
  }

  #add(key: string, seq: number, chars = 0): void {
    const open = this.#open.get(key) ?? [];
    const last = this.#stretches.at(-1);
    if (last && last === open.at(-1) && last.to === seq - 1) {
      last.to = seq;
      last.chars += chars;
      return;
    }
    const stretch = { key, from: seq, to: seq, chars, isSuperseded: false };
    this.#stretches.push(stretch);
    open.push(stretch);
    this.#open.set(key, open);
  }

  #supersede(key: string): void {
    for (const stretch of this.#open.get(key) ?? []) stretch.isSuperseded = true;
    this.#open.delete(key);
    // Told a hundred thousand times without a word between, it is one stretch all the same.
    const [before, last] = this.#stretches.slice(-2);
    if (!last?.isSuperseded || !before?.isSuperseded || before.to !== last.from - 1) return;
    before.to = last.to;
    before.chars += last.chars;
    this.#stretches.pop();
  }

  /** What is superseded goes; of what may become so the newer half stays. */
  #settle(): JournalRange[] {
    const ranges: { from: number; to: number; chars: number }[] = [];
    for (const { from, to, chars, isSuperseded } of this.#stretches) {
      const last = ranges.at(-1);
      if (!isSuperseded) continue;
      if (last && last.to === from - 1) {
        last.to = to;
        last.chars += chars;
      } else ranges.push({ from, to, chars });
    }
    this.#stretches = this.#stretches.filter(({ isSuperseded }) => !isSuperseded).slice(-MAX_STRETCHES / 2);
    this.#open = Map.groupBy(this.#stretches, ({ key }) => key);
    return ranges
      .filter(({ from, to, chars }) => to > from || chars >= MIN_CHARS)
      .map(({ from, to }) => ({ from, to }));
  }
}

/** Names an item within its turn and thread. */
export function keyOf(
  { turnId, threadId }: { readonly turnId: string; readonly threadId?: string | undefined },
  itemId = '',
): string {
  return `${threadId ?? ''}\0${turnId}\0${itemId}`;
}
