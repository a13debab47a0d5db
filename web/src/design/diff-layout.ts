import { Store } from '../live/store.ts';

export type DiffLayout = 'unified' | 'split';
const KEY = 'optio-codex.diff-layout';

/** How this reader wants to see diffs, on every screen. */
export const diffLayout = new Store<DiffLayout>(localStorage.getItem(KEY) === 'split' ? 'split' : 'unified');

export function chooseDiffLayout(layout: DiffLayout): void {
  localStorage.setItem(KEY, layout);
  diffLayout.set(layout);
}
