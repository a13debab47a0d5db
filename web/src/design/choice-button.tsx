import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { Button } from './button.tsx';
import styles from './choice-menu.module.css';

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** Of how much it would be the choice. */
  readonly count?: number;
}

export interface ChoiceMenuProps {
  /** What is chosen: `State`. */
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
  /** One at most (false). */
  readonly isSingle?: boolean;
}

type ChoiceButtonProps = Pick<ChoiceMenuProps, 'label' | 'choices' | 'chosen'> &
  Omit<ComponentProps<typeof Button>, 'children' | 'onChange'>;

/** What is chosen, as a button says it. */
export function ChoiceButton({ label, choices, chosen, ...rest }: ChoiceButtonProps) {
  const labels = chosen.map((value) => choices.find((choice) => choice.value === value)?.label ?? value);
  return (
    <Button kind="quiet" {...rest} className={styles.trigger} data-chosen={chosen.length > 0 || undefined}>
      {labels.length === 0 ? label : `${label}: ${labels.join(', ')}`}
      <ChevronDown size={14} aria-hidden />
    </Button>
  );
}
