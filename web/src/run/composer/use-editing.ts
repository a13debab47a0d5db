import { useEffect, useRef, useState } from 'react';
import { base } from '../../live/api.ts';
import { type Editing, putInto } from './editing.ts';

export interface EditingState {
  readonly all: readonly Editing[];
  /** Begins to change a message, or goes on with that. */
  readonly put: (editing: Editing) => void;
  readonly end: (id: string) => void;
}

/** The messages of a run that are being changed here, any number at once. Those still held when one leaves are let go. */
export function useEditing(runId: string): EditingState {
  const [all, setAll] = useState<readonly Editing[]>([]);
  const ids = useRef(new Set<string>());
  useEffect(() => {
    const held = ids.current;
    const leave = () => {
      for (const id of held) letGo(runId, id);
      held.clear();
    };
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [runId]);
  return {
    all,
    put: (editing) => {
      ids.current.add(editing.id);
      setAll((before) => putInto(before, editing));
    },
    end: (id) => {
      ids.current.delete(id);
      setAll((before) => before.filter((each) => each.id !== id));
    },
  };
}

/** Goes out also while the page is left. */
function letGo(runId: string, id: string): void {
  const address = `${base}/api/runs/${encodeURIComponent(runId)}/queue/${encodeURIComponent(id)}/release`;
  fetch(address, { method: 'POST', keepalive: true }).catch(() => {}); // nobody is there any more to hear of it
}
