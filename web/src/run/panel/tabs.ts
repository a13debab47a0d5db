import { keep, readKept } from '../../design/kept.ts';

/** What stands beside the transcript, or in its place where there is no room, and the keys that lead there. */
const PANELS = [
  { value: 'changes', label: 'Changes', keys: 't c' },
  { value: 'plan', label: 'Plan', keys: 't p' },
  { value: 'files', label: 'Files', keys: 't f' },
  { value: 'log', label: 'Log', keys: 't l' },
  { value: 'runs', label: 'Runs', keys: 't r' },
  { value: 'details', label: 'Details', keys: 't i' },
] as const;
type Panel = (typeof PANELS)[number]['value'];
export type Shown = Panel | 'transcript';

/** Those that a run has: `runs` only where it has begun others, or was begun by one. */
export function panelsOf(hasRelatives: boolean): readonly (typeof PANELS)[number][] {
  return PANELS.filter(({ value }) => hasRelatives || value !== 'runs');
}

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
