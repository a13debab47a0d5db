import { Dialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useReturnFocus } from '../design/return-focus.ts';
import { type Entry, findEntries, inGroups } from './entries.ts';
import styles from './palette.module.css';
import { type EntriesOptions, useEntries } from './use-entries.ts';
import { useSearchEntry } from './use-search-entry.ts';

/** How many are shown at once: whoever looks for more types a letter more. */
const MOST = 40;

export interface PaletteProps extends EntriesOptions {
  readonly onClose: () => void;
}

/** Finds a screen, a run, or something to do, by a few letters of its name. */
export function Palette({ onClose, ...options }: PaletteProps) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const finalFocus = useReturnFocus();
  const everywhere = useSearchEntry(text.trim());
  const groups = inGroups([...findEntries(useEntries(options), text, MOST), ...everywhere]);
  // As they are shown: what belongs together stands together.
  const found = groups.flatMap(({ entries }) => entries);
  const current = Math.min(at, found.length - 1);
  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    // Closing gives the focus back, and what is done may take it: that comes after.
    requestAnimationFrame(() => entry.act());
  };
  const press = (event: KeyboardEvent) => {
    const to = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: found.length - 1 }[event.key];
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) choose(found[current]);
    else if (to !== undefined && found.length > 0) setAt((to + found.length) % found.length);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    list.current?.querySelector(`[data-index="${current}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <Dialog.Root open onOpenChange={(isOpen) => isOpen || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup} aria-label="Commands" finalFocus={finalFocus}>
          <input
            ref={takeFocus}
            className={styles.input}
            role="combobox"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={found.length > 0 ? `${id}-${current}` : undefined}
            aria-label="Find a run, a screen or a command"
            placeholder="Find a run, a screen or a command"
            value={text}
            onKeyDown={press}
            onChange={({ target }) => {
              setText(target.value);
              setAt(0);
            }}
          />
          <div className={styles.list} id={`${id}-list`} role="listbox" aria-label="Found" ref={list}>
            {groups.map(({ name, entries }) => (
              // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own
              <div key={name} role="group" aria-label={name}>
                <div className={styles.group} aria-hidden>
                  {name}
                </div>
                {entries.map((entry) => {
                  const index = found.indexOf(entry);
                  return (
                    <Option
                      key={entry.id}
                      id={`${id}-${index}`}
                      index={index}
                      entry={entry}
                      isCurrent={index === current}
                      onChoose={() => choose(entry)}
                      onPoint={() => setAt(index)}
                    />
                  );
                })}
              </div>
            ))}
          </div>
          <p className={styles.none} role="status">
            {found.length === everywhere.length && 'Nothing has that name.'}
          </p>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** As soon as it is there, and not a moment later as a dialog does it: whoever has pressed the keys is typing already. */
function takeFocus(input: HTMLInputElement | null): void {
  input?.focus();
}

interface OptionProps {
  readonly id: string;
  readonly index: number;
  readonly entry: Entry;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
  readonly onPoint: () => void;
}

function Option({ id, index, entry, isCurrent, onChoose, onPoint }: OptionProps) {
  return (
    // The field above keeps the focus, and takes the keys for all of them.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    <div
      id={id}
      role="option"
      aria-selected={isCurrent}
      data-index={index}
      className={styles.option}
      onClick={onChoose}
      onPointerMove={onPoint}
    >
      <span className={styles.label}>{entry.label}</span>
      {entry.hint !== undefined && <span className={styles.hint}>{entry.hint}</span>}
    </div>
  );
}
