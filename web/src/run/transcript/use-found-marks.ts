import { type RefObject, useEffect } from 'react';
import { patternOf } from './find.ts';

const NAME = 'found';
const HERE = 'found-here';
/** For how many frames the place is kept in sight: rows are measured, and move it. */
const FRAMES = 20;

/** `current`: the row at which the reader is, whose first place is brought before him. Colours what was looked for wherever it can be seen. Nothing of the page is changed for that: the browser only paints it. */
export function useFoundMarks(scroller: RefObject<HTMLElement | null>, wanted: string, current: string | null): void {
  useEffect(() => {
    const element = scroller.current;
    const pattern = patternOf(wanted, 'giu');
    if (!element || !pattern || typeof Highlight === 'undefined') return;
    let frame = 0;
    let left = current === null ? 0 : FRAMES;
    const paint = () => {
      frame = 0;
      const row = current === null ? null : element.querySelector(`[data-row="${CSS.escape(current)}"] > :first-child`);
      const [here] = row ? rangesOf(row, pattern) : [];
      if (here) CSS.highlights.set(HERE, Object.assign(new Highlight(here), { priority: 1 }));
      else CSS.highlights.delete(HERE);
      if (here && left-- > 0) {
        bringBefore(here, element);
        later();
      }
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
      CSS.highlights.delete(HERE);
    };
  }, [scroller, wanted, current]);
}

/** Scrolls whatever it lies in, from the inside out, as far as it takes to see it. */
function bringBefore(range: Range, scroller: HTMLElement): void {
  for (let box = range.startContainer.parentElement; box; box = box.parentElement) {
    if (box === scroller || /auto|scroll/.test(getComputedStyle(box).overflowY)) {
      const [place, frame] = [range.getBoundingClientRect(), box.getBoundingClientRect()];
      if (place.top < frame.top || place.bottom > frame.bottom)
        box.scrollTop += place.top - frame.top - frame.height / 2;
    }
    if (box === scroller) return;
  }
}

function rangesOf(element: Element, pattern: RegExp): Range[] {
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
