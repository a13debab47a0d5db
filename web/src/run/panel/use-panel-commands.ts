import { useCommands } from '../../frame/commands.ts';
import { panelsOf, type Shown } from './tabs.ts';

export interface PanelCommandsOptions {
  readonly shown: Shown;
  readonly hasRelatives: boolean;
  readonly show: (next: Shown) => void;
}

/** Offers the parts of a run to the palette and to keys: all but the one that is shown. */
export function usePanelCommands({ shown, hasRelatives, show }: PanelCommandsOptions): void {
  const transcript = { value: 'transcript', label: 'the transcript alone', keys: 't t' } as const;
  const parts = [...panelsOf(hasRelatives), transcript].filter(({ value }) => value !== shown);
  useCommands(
    'Parts of this run',
    parts.map(({ value, label, keys }) => ({
      id: value,
      label: `Show ${label}`,
      words: 'panel tab',
      keys,
      act: () => show(value),
    })),
  );
}
