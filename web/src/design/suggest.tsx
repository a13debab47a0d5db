import { Autocomplete } from '@base-ui/react/autocomplete';
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
  readonly onFocus?: () => void;
}

/** A text that is typed freely, with suggestions. */
export function Suggest({ parts, value, onChange, items, placeholder, isFiltered = false, onFocus }: SuggestProps) {
  return (
    <Autocomplete.Root
      items={items}
      value={value}
      onValueChange={onChange}
      itemToStringValue={(item) => item.value}
      openOnInputClick
      {...(isFiltered && { filter: null })}
    >
      <Autocomplete.Input {...parts} placeholder={placeholder} onFocus={onFocus} spellCheck={false} />
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
