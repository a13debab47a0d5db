import { useMemo, useRef } from 'react';
import { Virtualizer } from 'virtua';
import { AnsiText } from './ansi-text.tsx';
import { partsOf } from './kept.ts';
import styles from './output.module.css';

/** How many lines are drawn at a time. */
const PART = 50;

/** All that was kept of a long output, of which only what one sees is drawn. */
export function WholeOutput({ output }: { readonly output: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const parts = useMemo(() => partsOf(output, PART), [output]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className={styles.whole} ref={scroller} tabIndex={0} aria-label="The whole output">
      <Virtualizer scrollRef={scroller} data={parts}>
        {(part, at) => (
          <pre key={at}>
            <AnsiText text={part} />
          </pre>
        )}
      </Virtualizer>
    </section>
  );
}
