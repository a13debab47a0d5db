import { useSyncExternalStore } from 'react';

/** Wide enough for two columns beside the navigation. */
export const WIDE = '(min-width: 70rem)';
/** Wide enough for two versions of a file side by side. */
export const ROOMY = '(min-width: 45rem)';

/** Whether this media query holds, as long as it does. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = matchMedia(query);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    () => matchMedia(query).matches,
  );
}
