import { useCallback, useEffect, useRef, useState } from 'react';
import type { WorkspaceChanges } from '../../../../src/contract/workspace-change.ts';
import { fromUnknown, type OptioError } from '../../../../src/errors.ts';
import { api } from '../../live/api.ts';
import { Pace } from './pace.ts';

export interface ChangesSoFar {
  /** What was told last; undefined before the first answer. */
  readonly changes: WorkspaceChanges | undefined;
  /** How often something was told: what one knows of a file counts for one of these. */
  readonly look: number;
  readonly problem: OptioError | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/** What differs from the start of a run: asked anew whenever `work` is another, while somebody sees the page. */
export function useChanges(runId: string, work: string): ChangesSoFar {
  const [state, setState] = useState<Omit<ChangesSoFar, 'reload'>>({
    changes: undefined,
    look: 0,
    problem: null,
    isLoading: true,
  });
  const pace = useRef<Pace>(undefined);
  useEffect(() => {
    let isWanted = true;
    const tell = (to: Partial<ChangesSoFar>) => {
      if (isWanted) setState((before) => ({ ...before, isLoading: false, ...to }));
    };
    const act = async () => {
      tell({ isLoading: true });
      try {
        const changes = await (await api.find(runId)).listChanges();
        if (isWanted) setState(({ look }) => ({ changes, look: look + 1, problem: null, isLoading: false }));
      } catch (thrown) {
        tell({ problem: fromUnknown(thrown) });
      }
    };
    const made = new Pace({ act });
    pace.current = made;
    return () => {
      isWanted = false;
      made.stop();
    };
  }, [runId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is asked anew for each of them
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState === 'visible') pace.current?.ask();
    };
    ask();
    // What happened while nobody saw it is asked for when somebody does.
    document.addEventListener('visibilitychange', ask);
    return () => document.removeEventListener('visibilitychange', ask);
  }, [runId, work]);
  const reload = useCallback(() => pace.current?.askNow(), []);
  return { ...state, reload };
}
