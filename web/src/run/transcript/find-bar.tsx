import { ChevronDown, ChevronUp, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { Button } from '../../design/button.tsx';
import styles from './transcript.module.css';
import { FIND_INPUT, type Find } from './use-find.ts';

/** Where one writes what is looked for, and goes from one place to the next. */
export function FindBar({ find, onClose }: { readonly find: Find; readonly onClose: () => void }) {
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') find.step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const { count, at, wanted } = find;
  return (
    <search className={styles.find}>
      <label htmlFor={FIND_INPUT} className="visually-hidden">
        Find in the transcript
      </label>
      <input
        id={FIND_INPUT}
        type="text"
        placeholder="Find"
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: it was asked for just now, to write in
        autoFocus
        // What was looked for before stands there, and is written over.
        onFocus={(event) => event.target.select()}
        value={wanted}
        onChange={(event) => find.look(event.target.value)}
        onKeyDown={onKey}
      />
      <output className={styles.count} htmlFor={FIND_INPUT}>
        {wanted === '' ? '' : count === 0 ? 'Nothing found' : `${at > 0 ? `${at} of ` : ''}${count}`}
      </output>
      <Button kind="quiet" isIcon aria-label="The one before" disabled={count === 0} onClick={() => find.step(-1)}>
        <ChevronUp size={15} />
      </Button>
      <Button kind="quiet" isIcon aria-label="The next one" disabled={count === 0} onClick={() => find.step(1)}>
        <ChevronDown size={15} />
      </Button>
      <Button kind="quiet" isIcon aria-label="Close the search" onClick={onClose}>
        <X size={15} />
      </Button>
    </search>
  );
}
