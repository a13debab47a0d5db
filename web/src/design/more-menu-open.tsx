import { Menu } from '@base-ui/react/menu';
import styles from './menu.module.css';
import { MoreButton } from './more-button.tsx';
import type { MoreMenuProps } from './more-menu.tsx';

/** The whole of it, opened: see `MoreMenu`. */
export function OpenMoreMenu({ label, acts, onFocus }: MoreMenuProps) {
  return (
    <Menu.Root defaultOpen modal={false}>
      <Menu.Trigger render={<MoreButton aria-label={label} onFocus={onFocus} />} />
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" className={styles.positioner}>
          <Menu.Popup className={styles.popup}>
            {acts.map(({ label: name, isGrave, act }) => (
              <Menu.Item
                key={name}
                className={styles.item}
                data-grave={isGrave || undefined}
                onClick={() => void act()}
              >
                {name}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
