import { Store } from '../live/store.ts';

/** As the machine has it, or as somebody has chosen it in this browser. */
export type Theme = 'system' | 'light' | 'dark';

export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** Where the choice is kept; `first-paint.js` reads it too, before anything is drawn. */
const KEY = 'theme';

export const theme = new Store<Theme>(readTheme());

export function setTheme(chosen: Theme): void {
  if (chosen === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, chosen);
  show(chosen);
}

/** Follows what is chosen in another tab. The returned function ends that. */
export function followTheme(): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key === KEY || event.key === null) show(readTheme());
  };
  addEventListener('storage', onStorage);
  return () => removeEventListener('storage', onStorage);
}

function show(chosen: Theme): void {
  const { dataset } = document.documentElement;
  if (chosen === 'system') delete dataset.theme;
  else dataset.theme = chosen;
  theme.set(chosen);
}

function readTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}
