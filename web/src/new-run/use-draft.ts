import { useCallback, useState } from 'react';
import { type Draft, EMPTY_DRAFT } from './draft.ts';
import { earlierModelChoice } from './history.ts';

/** What the parts of the form get: the draft, and how one changes a part of it. */
export interface DraftParts {
  readonly draft: Draft;
  readonly change: (change: Partial<Draft>) => void;
}

const KEY = 'draft';
const TEXTS = ['prompt', 'directory'] as const;

/** A draft that a reload does not lose: of it the prompt and the directory are kept for as long as the tab is open. */
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
  const forget = useCallback(() => sessionStorage.removeItem(KEY), []);
  return { draft, change, replace, forget };
}

function keepDraft({ prompt, workspace, directory }: Draft): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ prompt, workspace, directory }));
  } catch {
    // Then a reload loses it.
  }
}

/** What was typed in this tab, with the model that was chosen last. */
function firstDraft(): Draft {
  return { ...EMPTY_DRAFT, ...earlierModelChoice(), ...keptDraft() };
}

function keptDraft(): Partial<Draft> {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Draft>;
    if (TEXTS.some((name) => typeof kept[name] !== 'string')) return {};
    const { prompt = '', directory = '' } = kept;
    const { workspace = 'fresh' } = kept;
    return { prompt, directory, workspace };
  } catch {
    return {};
  }
}
