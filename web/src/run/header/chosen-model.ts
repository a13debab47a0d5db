import type { ModelInfo } from '../../../../src/contract/model-info.ts';
import type { RunHandle } from '../../../../src/contract/run-handle.ts';
import type { ControlsView } from '../../../../src/contract/view.ts';
import { Store } from '../../live/store.ts';

/** A model and how hard it is to think; null for what is not chosen. */
export interface Chosen {
  readonly model: string;
  readonly effort: string | null;
}

type Verbs = Pick<RunHandle, 'id' | 'requestModelChange' | 'requestEffortChange'>;

/** What was chosen here for the turns to come, by run: Codex hears of it with the next turn, and only then tells it. */
export const chosenModels = new Store<ReadonlyMap<string, Chosen>>(new Map());

/** What was chosen for a run and does not hold yet; undefined when there is nothing. */
export function pendingOf(chosen: Chosen | undefined, now: Pick<ControlsView, 'model' | 'effort'>): Chosen | undefined {
  if (!chosen) return undefined;
  const isSame = chosen.model === now.model && (chosen.effort === null || chosen.effort === now.effort);
  return isSame ? undefined : chosen;
}

/**
 * Chooses both for the turns to come, or neither: where the effort is refused the model from before is chosen again. `before`:
 * what would hold without this.
 */
export async function chooseModel(run: Verbs, before: Chosen, wanted: Chosen): Promise<void> {
  const isOther = wanted.model !== before.model;
  if (isOther) await run.requestModelChange(wanted.model);
  if (wanted.effort !== null && (isOther || wanted.effort !== before.effort)) {
    try {
      await run.requestEffortChange(wanted.effort);
    } catch (thrown) {
      // Why it was refused says more than why this could not be taken back.
      if (isOther) await run.requestModelChange(before.model).catch(() => {});
      throw thrown;
    }
  }
  chosenModels.set(new Map(chosenModels.value).set(run.id, wanted));
}

/** The effort to offer with a model: the one that is chosen, unless the model is known not to take it. */
export function fittingEffort(model: Pick<ModelInfo, 'efforts' | 'defaultEffort'> | undefined, effort: string): string {
  if (!model || effort === '' || model.efforts.length === 0 || model.efforts.includes(effort)) return effort;
  return model.defaultEffort ?? '';
}
