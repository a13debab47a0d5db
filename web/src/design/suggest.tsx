import { Autocomplete } from '@base-ui/react/autocomplete';
import { type KeyboardEvent, useState } from 'react';
import type { FieldParts } from './field.tsx';
import styles from './suggest.module.css';

export interface Suggestion {
  readonly value: string;
  /** A few words on it. */
  readonly note?: string;
}

export interface SuggestProps {
  readonly parts: FieldParts;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly items: readonly Suggestion[];
  readonly placeholder?: string;
  /** The items fit already, as those that a server has looked up (false). */
  readonly isFiltered?: boolean;
  /** What is typed is the beginning of an item: Enter and Tab take the first one, without an arrow key (false). */
  readonly isCompleted?: boolean;
  readonly onFocus?: () => void;
}

/** A text that is typed freely, with suggestions. */
export function Suggest({ parts, value, onChange, items, placeholder, onFocus, ...rest }: SuggestProps) {
  const { isFiltered = false, isCompleted = false } = rest;
  const [isOpen, setOpen] = useState(false);
  const [marked, setMarked] = useState<string>();
  const typed = value.toLowerCase();
  const fitting = isFiltered ? items : items.filter((item) => item.value.toLowerCase().includes(typed));
  const isShown = isOpen && fitting.length > 0;
  const takeMarked = (event: KeyboardEvent) => {
    const isAlone = !(event.ctrlKey || event.shiftKey || event.altKey || event.metaKey);
    if (event.key !== 'Tab' || !isAlone || !isShown || marked === undefined || marked === value) return;
    event.preventDefault(); // one more Tab goes on to the next field
    onChange(marked);
    setOpen(false);
  };
  return (
    <Autocomplete.Root
      items={fitting}
      filter={null}
      // While it is open everything else is hidden from whoever does not see it, so there has to be something in it.
      open={isShown}
      onOpenChange={setOpen}
      value={value}
      onValueChange={onChange}
      itemToStringValue={(item) => item.value}
      onItemHighlighted={(item) => setMarked(item?.value)}
      autoHighlight={isCompleted}
      openOnInputClick
    >
      <Autocomplete.Input
        {...parts}
        placeholder={placeholder}
        onFocus={onFocus}
        onKeyDown={takeMarked}
        onBlur={() => setOpen(false)} // what is found later is for nobody any more
        spellCheck={false}
      />
      <Autocomplete.Portal>
        <Autocomplete.Positioner className={styles.positioner} sideOffset={4} align="start">
          <Autocomplete.Popup className={styles.popup}>
            <Autocomplete.List className={styles.list}>
              {(item: Suggestion) => (
                <Autocomplete.Item key={item.value} className={styles.item} value={item}>
                  <span>{item.value}</span>
                  {item.note && <span className={styles.note}>{item.note}</span>}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}
