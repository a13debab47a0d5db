import { useLocation } from 'wouter';
import type { Entry } from './entries.ts';

/** What looks everywhere for what one has typed; nothing while that is nothing. */
export function useSearchEntry(text: string): Entry[] {
  const [, navigate] = useLocation();
  if (text === '') return [];
  const address = `/?${new URLSearchParams({ search: text, in: 'said' })}`;
  const label = `Search everything for “${text}”`;
  return [{ id: 'search everything', group: 'Search', label, act: () => navigate(address) }];
}
