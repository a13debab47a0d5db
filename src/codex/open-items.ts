import type { ThreadItem } from './protocol/v2/ThreadItem.ts';

type ItemType = ThreadItem['type'];

/** The items that were started and have not ended, by turn: each of them has to end somehow. */
export class OpenItems {
  readonly #turns = new Map<string, Map<string, ItemType>>();

  add(turnId: string, itemId: string, type: ItemType): void {
    const items = this.#turns.get(turnId) ?? new Map<string, ItemType>();
    this.#turns.set(turnId, items.set(itemId, type));
  }

  /** False for one that was not open. */
  complete(turnId: string, itemId: string): boolean {
    const items = this.#turns.get(turnId);
    const wasOpen = items?.delete(itemId) ?? false;
    if (items?.size === 0) this.#turns.delete(turnId);
    return wasOpen;
  }

  /** Takes out those of a turn that will not be completed, and gives their ids. */
  drop(turnId: string, applies: (type: ItemType) => boolean): string[] {
    const dropped = [...(this.#turns.get(turnId) ?? [])].flatMap(([itemId, type]) => (applies(type) ? [itemId] : []));
    for (const itemId of dropped) this.complete(turnId, itemId);
    return dropped;
  }
}

/** What the model says, and Codex does not complete when it asks the model again. */
export function isText(type: ItemType): boolean {
  return type === 'agentMessage' || type === 'reasoning' || type === 'plan';
}
