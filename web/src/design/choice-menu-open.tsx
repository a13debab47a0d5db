import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { ChoiceButton, type ChoiceMenuProps } from './choice-button.tsx';
import styles from './choice-menu.module.css';

/** The whole of it, opened: see `ChoiceMenu`. */
export function OpenChoiceMenu({ label, choices, chosen, onChange, isSingle = false }: ChoiceMenuProps) {
  const choose = (value: string, isOn: boolean) => {
    const others = isSingle ? [] : chosen.filter((one) => one !== value);
    onChange(isOn ? [...others, value] : others);
  };
  return (
    <Menu.Root defaultOpen>
      <Menu.Trigger render={<ChoiceButton label={label} choices={choices} chosen={chosen} />} />
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
