/** The element that had the focus last, and what is around it, from the inside out. */
let path: readonly Element[] = [];

/**
 * Keeps the focus in its place when what had it goes, or cannot be pressed any more: what is around that takes it over, and not
 * the whole page, where keys have no meaning and whoever listens is at the beginning again. The returned function ends that.
 */
export function keepFocus(): () => void {
  const onFocus = ({ target }: FocusEvent) => {
    path = [];
    for (let one = target instanceof Element ? target : null; one; one = one.parentElement) path = [...path, one];
  };
  // The browser takes the focus away in the next frame, and whoever gives it to something else does so before that.
  const look = () => requestAnimationFrame(() => requestAnimationFrame(giveBack));
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
  addEventListener('focusin', onFocus);
  return () => {
    observer.disconnect();
    removeEventListener('focusin', onFocus);
  };
}

function giveBack(): void {
  const [had, ...around] = path;
  if (!had || document.activeElement !== document.body) return;
  if (had.isConnected && !had.matches(':disabled')) return; // somebody has left it
  const next = around.find((one) => one.isConnected && one.matches('[tabindex]'));
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}
