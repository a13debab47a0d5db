import { type FocusEvent, useCallback, useMemo, useState } from 'react';
import type { Row } from './row.ts';

/** The row that has the focus, which stays drawn wherever one scrolls: otherwise the focus would be lost with it. */
export function useFocusedRow(rows: readonly Row[]) {
  const [key, setKey] = useState<string>();
  const onFocus = useCallback(({ target }: FocusEvent) => setKey(keyOf(target)), []);
  const onBlur = useCallback(({ relatedTarget }: FocusEvent) => setKey(keyOf(relatedTarget)), []);
  const kept = useMemo(() => {
    const index = key === undefined ? -1 : rows.findIndex((row) => row.key === key);
    return index < 0 ? NONE : [index];
  }, [key, rows]);
  return { kept, onFocus, onBlur };
}

const NONE: readonly number[] = [];

function keyOf(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('[data-row]')?.dataset.row : undefined;
}
