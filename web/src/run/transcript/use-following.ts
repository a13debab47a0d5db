import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';

/** As near to the end counts as being there, in pixels. */
const NEAR = 40;
/** What somebody does who wants to see what is further up. */
const LEAVING_KEYS = new Set(['ArrowUp', 'PageUp', 'Home']);

export interface Following {
  /** How many rows have come since the reader left the end; null while he is there. */
  readonly missed: number | null;
  readonly onScroll: () => void;
  readonly toEnd: () => void;
  /** He looks at something else now. */
  readonly leave: () => void;
}

/** Stays at the end while the reader is there, and only then. Sizes that change do not take him away from it; what he does may. */
export function useFollowing(
  rows: readonly unknown[],
  list: RefObject<VirtualizerHandle | null>,
  scroller: RefObject<HTMLElement | null>,
): Following {
  /** How many rows there were when he left; null while he is at the end. */
  const [leftAt, setLeftAt] = useState<number | null>(null);
  const isFollowing = useRef(true);
  const mayLeave = useRef(false);
  const stay = useRef(() => {});
  const isPressed = useIsPressed(scroller, () => stay.current());
  const last = useRef({ size: 0, offset: 0 });
  const count = rows.length;
  const latestCount = useRef(count);
  latestCount.current = count;

  const leave = useCallback(() => {
    isFollowing.current = false;
    setLeftAt((before) => before ?? latestCount.current);
  }, []);
  const toEnd = useCallback(() => {
    isFollowing.current = true;
    mayLeave.current = false;
    setLeftAt(null);
    stay.current();
  }, []);
  const onScroll = useCallback(() => {
    const { scrollSize: size = 0, scrollOffset: offset = 0, viewportSize = 0 } = list.current ?? {};
    // Where nothing has changed in size it was the reader who has scrolled, in whatever way.
    const wentUp = size === last.current.size && offset < last.current.offset;
    last.current = { size, offset };
    if (size - offset - viewportSize <= NEAR) {
      isFollowing.current = true;
      mayLeave.current = false;
      setLeftAt(null);
    } else if ((mayLeave.current || wentUp) && isFollowing.current) leave();
  }, [list, leave]);

  useEffect(() => {
    const element = scroller.current;
    const onIntent = (event: Event) => {
      if (event instanceof WheelEvent && event.deltaY >= 0) return;
      if (event instanceof KeyboardEvent && !LEAVING_KEYS.has(event.key)) return;
      mayLeave.current = true;
    };
    const kinds = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;
    for (const kind of kinds) element?.addEventListener(kind, onIntent, { passive: true });
    return () => {
      for (const kind of kinds) element?.removeEventListener(kind, onIntent);
    };
  }, [scroller]);

  // Not by way of the list: that would go there again for a while, also when the reader has left meanwhile.
  stay.current = () => {
    const element = scroller.current;
    if (isFollowing.current && element) element.scrollTop = element.scrollHeight;
  };
  // The last row may have grown without another one having come. What else is drawn must not call off a scroll that has begun.
  useLayoutEffect(() => {
    if (rows.length > 0 && !isPressed.current) stay.current();
  }, [rows, isPressed]);

  // A queue, files or a long message below it take room from it, and give it back; and a row is as high as it is only once drawn.
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (!isPressed.current) stay.current();
    });
    for (const element of [scroller.current, scroller.current?.firstElementChild])
      if (element) observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, isPressed]);

  return { missed: leftAt === null ? null : Math.max(0, count - leftAt), onScroll, toEnd, leave };
}

/** Whether a pointer is down: a button that moves away under it would not be pressed. `onRelease`: called in the frame after. */
function useIsPressed(scroller: RefObject<HTMLElement | null>, onRelease: () => void): RefObject<boolean> {
  const isPressed = useRef(false);
  const latest = useRef(onRelease);
  latest.current = onRelease;
  useEffect(() => {
    const element = scroller.current;
    const press = () => {
      isPressed.current = true;
    };
    const release = () => {
      if (!isPressed.current) return;
      isPressed.current = false;
      requestAnimationFrame(() => latest.current());
    };
    element?.addEventListener('pointerdown', press, { passive: true });
    for (const kind of ['pointerup', 'pointercancel']) addEventListener(kind, release);
    return () => {
      element?.removeEventListener('pointerdown', press);
      for (const kind of ['pointerup', 'pointercancel']) removeEventListener(kind, release);
    };
  }, [scroller]);
  return isPressed;
}
