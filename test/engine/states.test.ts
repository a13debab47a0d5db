import { describe, expect, it } from 'vitest';
import { RUN_STATES } from '../../src/contract/outcome.ts';
import { isEnded, isUnderWay, sourcesOf, TRANSITIONS, UNDER_WAY } from '../../src/engine/states.ts';

const STATES = RUN_STATES;

describe('the states of a run', () => {
  it('are those of the contract', () => {
    expect(Object.keys(TRANSITIONS).sort()).toEqual([...STATES].sort());
  });

  it('lead from the beginning to each of them, and from each to an end', () => {
    const reach = (from: readonly (typeof STATES)[number][]): Set<string> => {
      const seen = new Set<(typeof STATES)[number]>(from);
      for (const state of seen) for (const next of TRANSITIONS[state]) seen.add(next);
      return seen;
    };
    expect(reach(['scheduled'])).toEqual(new Set(STATES));
    for (const state of STATES)
      expect
        .soft(
          [...reach([state])].some((next) => isEnded(next as never)),
          state,
        )
        .toBe(true);
  });

  it('are left by nothing once it has ended', () => {
    expect(STATES.filter(isEnded)).toEqual(['done', 'failed', 'cancelled']);
  });

  it('tell what somebody works on', () => {
    expect(UNDER_WAY).toEqual(STATES.filter(isUnderWay));
    expect(UNDER_WAY).toEqual(['starting', 'running', 'paused', 'cancelling']);
  });

  it('are changed only from where that is allowed: a cancelled run never runs', () => {
    expect(sourcesOf('running')).toEqual(['starting', 'paused']);
    expect(sourcesOf('cancelled')).toEqual(['scheduled', 'cancelling']);
    expect(sourcesOf('done')).not.toContain('cancelling');
  });
});
