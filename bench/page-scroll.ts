import type { Frames, Tab } from './page-tab.ts';

/** How far a turn of the wheel goes, in pixels: one comes in each frame, 36,000 pixels in a second. */
const WHEEL = 600;
const JUMPS = 60;

export interface Scrolled extends Frames {
  readonly pixels: number;
}

export interface Rows {
  /** What scrolls, and what is a row of it, as selectors. */
  readonly scroller: string;
  readonly row: string;
  /** What stays above them, and hides those below it; null for nothing. */
  readonly head: string | null;
}

/** Turns the wheel from one end of all rows to the other: up (-1), or down (1). */
export async function scrollByWheel(tab: Tab, { scroller, row, head }: Rows, direction: 1 | -1): Promise<Scrolled> {
  const middle = await tab.ask('middleOf', scroller);
  await tab.ask('watch', scroller, row, head);
  let pixels = 0;
  for (let before = -1, still = 0; still < 3; ) {
    await tab.wheel(middle, direction * WHEEL);
    const at = await tab.ask('nextFrame', scroller);
    pixels += before < 0 ? 0 : Math.abs(at - before);
    still = at === before ? still + 1 : 0;
    before = at;
  }
  return { ...(await tab.ask('frames')), pixels: Math.round(pixels) };
}

/** Goes to places far from each other at once, as somebody does who draws the bar. */
export async function scrollByJumps(tab: Tab, { scroller, row, head }: Rows): Promise<Scrolled> {
  await tab.ask('watch', scroller, row, head);
  for (let jump = 0; jump < JUMPS; jump++) {
    await tab.ask('jump', scroller, (jump * 0.618) % 1); // far from the one before
    for (let frame = 0; frame < 5; frame++) await tab.ask('nextFrame', scroller);
  }
  return { ...(await tab.ask('frames')), pixels: 0 };
}
