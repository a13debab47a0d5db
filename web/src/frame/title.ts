import { useEffect } from 'react';
import { Store } from '../live/store.ts';

const PRODUCT = 'optio-codex';

/** What is shown: `Runs`, or the name of a run. */
export const screenTitle = new Store('');

/** Names the screen, in the tab of the browser and for whoever hears it. */
export function useTitle(title: string): void {
  useEffect(() => screenTitle.set(title), [title]);
}

/** What the tab says, with how many requests wait: `(2) Runs · optio-codex`. */
export function titleOf(screen: string, waiting: number): string {
  const count = waiting > 0 ? `(${waiting}) ` : '';
  return `${count}${screen === '' ? PRODUCT : `${screen} · ${PRODUCT}`}`;
}
