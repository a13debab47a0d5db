import { useRef } from 'react';

/**
 * Where the focus goes once a dialog is closed: as ever to what had it before. Of the whole content of the page the library
 * would take the first field in it, where keys are typed and mean nothing else.
 */
export function useReturnFocus(isOpen = true): () => boolean {
  const before = useRef<Element | null>(null);
  const wasOpen = useRef(false);
  if (isOpen && !wasOpen.current) before.current = document.activeElement;
  wasOpen.current = isOpen;
  return () => {
    if (!(before.current instanceof HTMLElement) || before.current.id !== 'main') return true;
    before.current.focus({ preventScroll: true });
    return false;
  };
}
