import { useLooksOn } from '../design/looking-on.ts';
import { useShortcuts } from '../frame/shortcuts.ts';

export interface RunKeysOptions {
  /** The runs as they are shown. */
  readonly ids: readonly string[];
  readonly currentId: string | null;
  readonly onMove: (id: string) => void;
  readonly onSelect: (id: string, isRange: boolean) => void;
  readonly onClear: () => void;
  readonly onSearch: () => void;
}

/** All that one can do in the list of runs by keyboard. Enter opens the run whose link has the focus, as ever. */
export function useRunKeys({ ids, currentId, onMove, onSelect, onClear, onSearch }: RunKeysOptions): void {
  const at = currentId === null ? -1 : ids.indexOf(currentId);
  const move = (by: number, isSelecting = false) => {
    const to = ids[Math.min(ids.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (to === undefined) return;
    if (isSelecting && currentId !== null && at >= 0) onSelect(currentId, true);
    if (isSelecting) onSelect(to, true);
    onMove(to);
  };
  const selecting = [
    { keys: 'Shift+J', label: 'Next run, and select it', act: () => move(1, true) },
    { keys: 'Shift+K', label: 'Previous run, and select it', act: () => move(-1, true) },
    { keys: 'x', label: 'Select the run', act: () => at >= 0 && currentId !== null && onSelect(currentId, false) },
    { keys: 'Shift+X', label: 'Select up to the run', act: () => currentId !== null && onSelect(currentId, true) },
    { keys: 'Escape', label: 'Select nothing', act: onClear },
  ];
  const looksOn = useLooksOn();
  useShortcuts('Runs', [
    { keys: 'j', label: 'Next run', act: () => move(1) },
    { keys: 'k', label: 'Previous run', act: () => move(-1) },
    ...(looksOn ? [] : selecting),
    { keys: '/', label: 'Search', act: onSearch },
  ]);
}
