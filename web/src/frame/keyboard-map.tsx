import { Dialog } from '../design/dialog.tsx';
import { useStore } from '../live/store.ts';
import styles from './keyboard-map.module.css';
import { inWords } from './keys.ts';
import { setSingleKeys, shownShortcuts, singleKeys } from './shortcuts.ts';

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Which keys do what, on this screen. */
export function KeyboardMap({ onClose }: { readonly onClose: () => void }) {
  const isOn = useStore(singleKeys);
  const groups = shownShortcuts().filter(({ shortcuts }) => shortcuts.length > 0);
  return (
    <Dialog title="Keyboard" onClose={onClose} isWide>
      <div className={styles.groups}>
        {groups.map(({ name, shortcuts }) => (
          <section key={name}>
            <h3>{name}</h3>
            <dl>
              {shortcuts.map(({ keys, label }) => (
                <div key={keys}>
                  <dt>
                    {inWords(keys, isMac).map((key, at) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: the same key may be pressed twice
                      <kbd key={at}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className={styles.choice}>
        <input type="checkbox" checked={isOn} onChange={({ target }) => setSingleKeys(target.checked)} />
        Single keys and pairs of them act; without this only those with Ctrl or ⌘ do
      </label>
    </Dialog>
  );
}
