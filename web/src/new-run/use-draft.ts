import { useCallback, useState } from 'react';
import { type Draft, EMPTY_DRAFT } from './draft.ts';
import { earlierModelChoice } from './history.ts';
import { forgetDraft, keepDraft, keptDraft } from './kept-draft.ts';

/** What the parts of the form get: the draft, and how one changes a part of it. */
export interface DraftParts {
  readonly draft: Draft;
  readonly change: (change: Partial<Draft>) => void;
}

/** A draft that neither a reload nor a look at another screen loses, for as long as the tab is open. */
export function useDraft(): DraftParts & { readonly replace: (draft: Draft) => void; readonly forget: () => void } {
  const [draft, setDraft] = useState<Draft>(firstDraft);
  const change = useCallback((change: Partial<Draft>) => {
    setDraft((before) => {
      const after = { ...before, ...change };
      keepDraft(after);
      return after;
    });
  }, []);
  const replace = useCallback((after: Draft) => {
    keepDraft(after);
    setDraft(after);
  }, []);
  return { draft, change, replace, forget: forgetDraft };
}

/** What was typed in this tab; otherwise the model that was chosen last. */
function firstDraft(): Draft {
  return { ...EMPTY_DRAFT, ...(keptDraft() ?? earlierModelChoice()) };
}
