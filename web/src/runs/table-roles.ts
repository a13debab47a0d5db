/*
 * What the elements of the list mean. They are no `table`, `tr` and `td`: those lose their meaning in some browsers once they
 * are laid out as a grid, and only some rows are there at a time, each in a place of its own.
 */

/** `rows`: how many there are in all, with the head. */
export function table(label: string, rows: number) {
  return { role: 'table', 'aria-label': label, 'aria-rowcount': rows };
}

/** `index`: which of all it is, from 1 on. */
export function row(index: number) {
  return { role: 'row', 'aria-rowindex': index };
}

export function columnHead(order?: 'ascending' | 'descending') {
  return { role: 'columnheader', 'aria-sort': order };
}

export const CELL = { role: 'cell' };
