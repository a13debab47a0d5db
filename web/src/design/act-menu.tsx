import { Menu } from '@base-ui/react/menu';
import styles from './menu.module.css';

/** Something that one can do. */
export interface Act {
  readonly label: string;
  /** It takes something away (false). */
  readonly isGrave?: boolean;
  /** What is asynchronous in it tells itself how it went. */
  readonly act: () => unknown;
}

/** What opens of a menu: all that can be done. It stands in a `Menu.Root`, beside what opens it. */
export function ActMenu({ acts }: { readonly acts: readonly Act[] }) {
  return (
    <Menu.Portal>
      <Menu.Positioner sideOffset={4} align="end" className={styles.positioner}>
        <Menu.Popup className={styles.popup}>
          {acts.map(({ label, isGrave, act }) => (
            <Menu.Item key={label} className={styles.item} data-grave={isGrave || undefined} onClick={() => void act()}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Popup>
      </Menu.Positioner>
    </Menu.Portal>
  );
}
