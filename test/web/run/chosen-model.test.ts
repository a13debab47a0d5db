import { expect, test } from 'vitest';
import { chooseModel, chosenModels, fittingEffort, pendingOf } from '../../../web/src/run/header/chosen-model.ts';

const BEFORE = { model: 'old', effort: 'medium' };

/** A run that notes what it is told, and refuses an effort. */
function runThat(refuses?: string) {
  const told: string[] = [];
  const run = {
    id: `run that refuses ${refuses}`,
    requestModelChange: async (model: string) => void told.push(model),
    async requestEffortChange(effort: string) {
      if (effort === refuses) throw new Error(`no ${effort}`);
      told.push(effort);
    },
  };
  return { run, told };
}

test('what is chosen is told, and shown until Codex tells it', async () => {
  const { run, told } = runThat();
  await chooseModel(run, BEFORE, { model: 'new', effort: 'high' });
  const chosen = chosenModels.value.get(run.id);
  expect(told).toEqual(['new', 'high']);
  expect(pendingOf(chosen, BEFORE)).toEqual({ model: 'new', effort: 'high' });
  expect(pendingOf(chosen, { model: 'new', effort: 'high' })).toBe(undefined);
  expect(pendingOf(undefined, BEFORE)).toBe(undefined);
});

test('what stays as it is is not told again', async () => {
  const { run, told } = runThat();
  await chooseModel(run, BEFORE, { model: 'old', effort: 'medium' });
  await chooseModel(run, BEFORE, { model: 'new', effort: null });
  expect(told).toEqual(['new']);
});

test('where the effort is refused the model stays as it was, too', async () => {
  const { run, told } = runThat('absurd');
  await expect(chooseModel(run, BEFORE, { model: 'new', effort: 'absurd' })).rejects.toThrow('no absurd');
  expect([told, chosenModels.value.get(run.id)]).toEqual([['new', 'old'], undefined]);
});

test('with another model comes an effort that it takes', () => {
  const model = { efforts: ['low', 'high'], defaultEffort: 'low' };
  expect([fittingEffort(model, 'high'), fittingEffort(model, 'medium'), fittingEffort(model, '')]).toEqual([
    'high',
    'low',
    '',
  ]);
  expect(fittingEffort(undefined, 'medium')).toBe('medium');
});
