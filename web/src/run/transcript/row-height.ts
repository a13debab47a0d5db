import { FIRST } from './output/steps.ts';
import type { Row } from './row.ts';

/** How high a row is with nothing in it, and a line of it, in pixels; rather too low. */
const ROW = 30;
const LINE = 16;
/** So many lines are counted at most: nobody sees more of one row. */
const MAX_LINES = 50;

/** The last rows, as many as fill so many pixels for certain, or all of them. */
export function lastRows(rows: readonly Row[], pixels: number): readonly Row[] {
  let [from, height] = [rows.length, 0];
  while (from > 0 && height < pixels) height += leastHeight(rows[--from] as Row);
  return rows.slice(from);
}

function leastHeight(row: Row): number {
  if (row.kind !== 'item') return ROW;
  const { item } = row;
  if (item.kind === 'command') return ROW + LINE * Math.min(linesOf(item.output), FIRST);
  return item.kind === 'agentMessage' || item.kind === 'userMessage' ? ROW + LINE * linesOf(item.text) : ROW;
}

/** How many lines a text begins anew: what is broken for want of width does not count. */
function linesOf(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0 && lines < MAX_LINES; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
