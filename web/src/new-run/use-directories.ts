import { useEffect, useState } from 'react';
import type { OptioError } from '../../../src/errors.ts';
import type { Suggestion } from '../design/suggest.tsx';
import { useLoaded } from '../design/use-loaded.ts';
import { api } from '../live/api.ts';
import { earlierDirectories, suggested } from './history.ts';

/** How long somebody types on before the server is asked, in milliseconds. */
const PAUSE_MS = 120;

/** What a directory that is being typed may become: those of earlier runs, and those that are there. With `null` nobody types. */
export function useDirectories(typed: string | null): {
  readonly directories: readonly Suggestion[];
  readonly problem: OptioError | null;
} {
  const [earlier] = useState(earlierDirectories);
  const [asked, setAsked] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const isPath = asked !== null && /^(\/|~\/)/.test(asked);
  const found = useLoaded(isPath ? asked : null, () => api.directories(asked ?? ''));
  return { directories: suggested(typed ?? '', earlier, isPath ? (found.data ?? []) : []), problem: found.problem };
}
