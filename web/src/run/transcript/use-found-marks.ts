import { type RefObject, useEffect } from 'react';
import { patternOf } from './find.ts';

const NAME = 'found';

/** Colours what was looked for wherever it can be seen. Nothing of the page is changed for that: the browser only paints it. */
export function useFoundMarks(scroller: RefObject<HTMLElement | null>, wanted: string): void {
  useEffect(() => {
    const element = scroller.current;
    const pattern = patternOf(wanted, 'giu');
    if (!element || !pattern || typeof Highlight === 'undefined') return;
    let frame = 0;
    const paint = () => {
      frame = 0;
      CSS.highlights.set(NAME, new Highlight(...rangesOf(element, pattern)));
    };
    const later = () => {
      frame ||= requestAnimationFrame(paint);
    };
    const observer = new MutationObserver(later);
    observer.observe(element, { childList: true, subtree: true, characterData: true });
    paint();
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      CSS.highlights.delete(NAME);
    };
  }, [scroller, wanted]);
}

function rangesOf(element: HTMLElement, pattern: RegExp): Range[] {
  const ranges: Range[] = [];
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    for (const { index, 0: text } of (node.nodeValue ?? '').matchAll(pattern)) {
      const range = new Range();
      range.setStart(node, index);
      range.setEnd(node, index + text.length);
      ranges.push(range);
    }
  }
  return ranges;
}
