/** Where things that are no items have their place among those of a turn: after which item they happened. */
export class Places<T> {
  readonly #turns = new Map<string | null, Turn<T>>([[null, emptyTurn()]]);
  /** Which turn each of them is in, by its key. */
  readonly #homes = new Map<string, string | null>();
  #newest: string | null = null;

  /** A turn has begun. `isOwn`: one of the run's own thread, where things are put unless told otherwise. */
  begin(turnId: string, isOwn: boolean): void {
    if (!this.#turns.has(turnId)) this.#turns.set(turnId, emptyTurn());
    if (isOwn) this.#newest = turnId;
  }

  end(turnId: string): void {
    const turn = this.#turns.get(turnId);
    if (turn) turn.hasEnded = true;
  }

  add(turnId: string, itemId: string): void {
    const turn = this.#turns.get(turnId);
    if (!turn || turn.items.has(itemId)) return;
    turn.items.add(itemId);
    turn.last = itemId;
  }

  /** Tells in which turn it is now; null when it is before all of them. */
  put(key: string, what: T, turnId: string | null, itemId: string | null): string | null {
    const home = turnId !== null && this.#turns.has(turnId) ? turnId : this.#newest;
    const turn = this.#turns.get(home);
    if (!turn) return null;
    const after = itemId !== null && turn.items.has(itemId) ? itemId : turn.hasEnded ? undefined : turn.last;
    const there = turn.after.get(after);
    if (there) there.push(what);
    else turn.after.set(after, [what]);
    this.#homes.set(key, home);
    return home;
  }

  at(turnId: string | null, after: string | null | undefined): readonly T[] {
    return this.#turns.get(turnId)?.after.get(after) ?? NONE;
  }

  turnOf(key: string): string | null {
    return this.#homes.get(key) ?? null;
  }
}

interface Turn<T> {
  readonly items: Set<string>;
  /** By the item after which it happened: `null` is before the first, `undefined` after the end of the turn. */
  readonly after: Map<string | null | undefined, T[]>;
  last: string | null;
  hasEnded: boolean;
}

const NONE: readonly never[] = [];

function emptyTurn<T>(): Turn<T> {
  return { items: new Set(), after: new Map(), last: null, hasEnded: false };
}
