import { useEffect, useState } from 'react';
import { keep, readKept } from '../../design/kept.ts';

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** What somebody has typed for a run and not sent, kept in this browser. */
export function useDraft(runId: string): [string, (text: string) => void] {
  const key = `optio-codex.draft.${runId}`;
  const [text, setText] = useState(() => readKept(key, '', isText));
  useEffect(() => {
    if (text === '') localStorage.removeItem(key);
    else keep(key, text);
  }, [key, text]);
  return [text, setText];
}
