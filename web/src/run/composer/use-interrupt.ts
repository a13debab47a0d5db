import { useEffect, useState } from 'react';
import { type Action, useAction } from '../../design/use-action.ts';
import { api } from '../../live/api.ts';

/** How long the second Escape may take, in milliseconds. */
const ARMED_MS = 2_000;

export interface Interrupt extends Action<[]> {
  /** Escape was pressed once. */
  readonly isArmed: boolean;
  readonly arm: () => void;
}

/** Ends the running turn: by a button, or by Escape twice, since one alone is pressed for many reasons. */
export function useInterrupt(runId: string, turnId: string | undefined): Interrupt {
  const [armedAt, setArmedAt] = useState<number | null>(null);
  const action = useAction(async () => api.runOf(runId).interrupt(turnId === undefined ? {} : { turnId }));
  useEffect(() => {
    if (armedAt === null) return;
    const timer = setTimeout(() => setArmedAt(null), ARMED_MS);
    return () => clearTimeout(timer);
  }, [armedAt]);
  const arm = () => {
    if (turnId === undefined) return;
    if (armedAt === null) return setArmedAt(Date.now());
    setArmedAt(null);
    void action.begin();
  };
  return { ...action, isArmed: armedAt !== null && turnId !== undefined, arm };
}
