import { useRef } from 'react';
import type { RunView } from '../../../src/contract/view.ts';

/** What each turn of a run's own thread has changed; the same array as before where nothing in it is different. */
export function useTurnDiffs(view: RunView): readonly string[] {
  return useSame(turnDiffs(view));
}

/** Of each turn of the run's own thread; empty where it has changed nothing. */
function turnDiffs({ turnOrder, turns }: RunView): string[] {
  return turnOrder.flatMap((id) => (turns[id]?.threadId === null ? [turns[id].diff] : []));
}

/** The same array as before where nothing in it is different. */
function useSame(texts: readonly string[]): readonly string[] {
  const before = useRef(texts);
  const isSame = before.current.length === texts.length && before.current.every((text, at) => text === texts[at]);
  if (!isSame) before.current = texts;
  return before.current;
}
