import { keep, readKept } from '../../design/kept.ts';

/** What stands beside the transcript, or in its place where there is no room. */
export const PANELS = [
  { value: 'changes', label: 'Changes' },
  { value: 'plan', label: 'Plan' },
  { value: 'files', label: 'Files' },
  { value: 'log', label: 'Log' },
  { value: 'runs', label: 'Runs' },
  { value: 'details', label: 'Details' },
] as const;
type Panel = (typeof PANELS)[number]['value'];
export type Shown = Panel | 'transcript';

const KEY = 'optio-codex.run-panel';

/** Which panel this reader had open last; `transcript` when there was none. */
export function panelBefore(): Shown {
  return readKept<Shown>(KEY, 'changes', isShown);
}

export function keepPanel(shown: Shown): void {
  keep(KEY, shown);
}

function isShown(value: unknown): value is Shown {
  return value === 'transcript' || PANELS.some((panel) => panel.value === value);
}
