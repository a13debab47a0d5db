import type { RunSummary } from '../../../src/contract/run-summary.ts';
import type { Choice } from '../design/choice-button.tsx';
import { SHOWN_STATES, STATE_WORDS, shownState } from '../design/shown-state.ts';
import { tagsOf } from './filter.ts';

/** What there is to filter by: what occurs in the list, and how often. */
export interface FilterChoices {
  readonly states: readonly Choice[];
  readonly tasks: readonly Choice[];
  readonly tags: readonly Choice[];
  readonly waiting: number;
}

export function choicesOf(runs: readonly RunSummary[]): FilterChoices {
  const states = countOf(runs.map(shownState));
  return {
    // What waits for somebody has a button of its own.
    states: SHOWN_STATES.flatMap((state) => {
      const count = states.get(state);
      return count === undefined || state === 'waiting' ? [] : [{ value: state, label: STATE_WORDS[state], count }];
    }),
    tasks: byName(countOf(runs.map(({ taskId }) => taskId))),
    tags: byName(countOf(runs.flatMap(tagsOf))),
    waiting: runs.filter(({ openRequests }) => openRequests > 0).length,
  };
}

function byName(counts: ReadonlyMap<string, number>): Choice[] {
  return [...counts]
    .map(([value, count]) => ({ value, label: value, count }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

function countOf<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
