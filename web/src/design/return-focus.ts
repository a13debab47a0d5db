import { useState } from 'react';

/**
 * Where the focus goes once a dialog is closed: as ever to what had it before. Of the whole content of the page the library
 * would take the first field in it, where keys are typed and mean nothing else.
 */
export function useReturnFocus(): () => boolean {
  const [before] = useState(() => document.activeElement);
  return () => {
    if (!(before instanceof HTMLElement) || before.id !== 'main') return true;
    before.focus({ preventScroll: true });
    return false;
  };
}
