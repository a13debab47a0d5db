import { useEffect, useRef } from 'react';
import type { RunList } from '../../../src/contract/run-update.ts';
import { feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';

/** Calls when a run of a task, or of any, has come, changed its state or gone: then what is said of tasks is out of date. */
export function useReloadByRuns(reload: () => void, taskId?: string): void {
  const list = useStore(feed.list);
  const mark = markOf(list, taskId);
  const seen = useRef(mark);
  useEffect(() => {
    if (seen.current === mark) return;
    seen.current = mark;
    // Several runs often change at once, as when a schedule launches them.
    const timer = setTimeout(reload, 200);
    return () => clearTimeout(timer);
  }, [mark, reload]);
}

function markOf({ runs }: RunList, taskId: string | undefined): string {
  let mark = '';
  for (const run of runs.values()) {
    if (taskId === undefined || run.taskId === taskId) mark += `${run.id}:${run.state} `;
  }
  return mark;
}
