import type { RunView } from '../../../../src/contract/view.ts';

/** A text that differs once something has been done that may have changed files: by a command, a patch, or a turn that has ended. */
export function workDone({ turnOrder, turns, outcome, session }: RunView): string {
  let ended = 0;
  let done = 0;
  for (const id of turnOrder) {
    const turn = turns[id];
    if (!turn) continue;
    if (turn.status !== 'running') ended++;
    else done += turn.itemOrder.filter((item) => isDone(turn.items[item])).length;
  }
  return `${session !== null} ${turnOrder.length} ${ended} ${done} ${outcome !== null}`;
}

function isDone(entry: RunView['turns'][string]['items'][string] | undefined): boolean {
  return entry !== undefined && !entry.isOpen && (entry.item.kind === 'command' || entry.item.kind === 'fileChange');
}
