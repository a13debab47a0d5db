import type { Answer, Request } from '../../../src/contract/request.ts';
import { Store } from '../live/store.ts';

/** A card that is drawn, and waits for an answer. */
export interface OpenCard {
  readonly element: HTMLElement;
  readonly request: Request;
  readonly give: (said: Answer) => void;
}

/** All of them: the keys of a screen answer through these, so that one sees on the card what comes of it. */
export const openCards = new Set<OpenCard>();

export function focusedCard(): OpenCard | undefined {
  return [...openCards].find(({ element }) => element.contains(document.activeElement));
}

/** The request whose card takes the focus as soon as it is drawn; null for none. */
export const wantedCard = new Store<string | null>(null);
