import { expect, it } from 'vitest';
import { hasNeverBegun, instructionsIn } from '../../../web/src/run/transcript/never-begun.ts';
import { realJournal, recordOf } from './journals.ts';

it('tells a run that has ended without a turn from one that has worked', () => {
  const { view } = recordOf(realJournal('work'));
  expect(hasNeverBegun(view)).toBe(false);
  expect(hasNeverBegun({ outcome: view.outcome, turnOrder: [] })).toBe(view.outcome !== null);
  expect(hasNeverBegun({ outcome: null, turnOrder: [] })).toBe(false);
});

it('finds what a run was to be asked, where its definition says so', () => {
  expect(instructionsIn({ config: { instructions: 'Mend it.' } })).toBe('Mend it.');
  for (const definition of [null, undefined, {}, { config: null }, { config: { instructions: ' ' } }])
    expect(instructionsIn(definition)).toBeNull();
});
