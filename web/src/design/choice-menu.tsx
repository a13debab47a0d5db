import { Menu } from '@base-ui/react/menu';
import { Check, ChevronDown } from 'lucide-react';
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

/** A button that opens a menu of things to choose from, and says what is chosen. */
export function ChoiceMenu({ label, choices, chosen, onChange, isSingle = false }: ChoiceMenuProps) {
  const labels = chosen.map((value) => choices.find((choice) => choice.value === value)?.label ?? value);
  const choose = (value: string, isOn: boolean) => {
    const others = isSingle ? [] : chosen.filter((one) => one !== value);
    onChange(isOn ? [...others, value] : others);
  };
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        render={<Button kind="quiet" className={styles.trigger} data-chosen={chosen.length > 0 || undefined} />}
      >
        {labels.length === 0 ? label : `${label}: ${labels.join(', ')}`}
        <ChevronDown size={14} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="start" sideOffset={4} className={styles.positioner}>
          <Menu.Popup className={styles.popup}>
            {choices.map(({ value, label: name, count }) => (
              <Menu.CheckboxItem
                key={value}
                className={styles.item}
                checked={chosen.includes(value)}
                onCheckedChange={(isOn) => choose(value, isOn)}
                closeOnClick={isSingle}
              >
                <span className={styles.tick}>
                  <Menu.CheckboxItemIndicator>
                    <Check size={14} aria-hidden />
                  </Menu.CheckboxItemIndicator>
                </span>
                <span className={styles.name}>{name}</span>
                {count !== undefined && <span className={styles.count}>{count}</span>}
              </Menu.CheckboxItem>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
