import { useContext, useEffect, useMemo, useRef } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { FoundContext, patternOf } from '../find.ts';
import { AnsiText } from './ansi-text.tsx';
import { partsOf } from './kept.ts';
import styles from './output.module.css';

/** How many lines are drawn at a time. */
const PART = 50;

/** All that was kept of a long output, of which only what one sees is drawn. */
export function WholeOutput({ id, output }: { readonly id: string; readonly output: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const parts = useMemo(() => partsOf(output, PART), [output]);
  const list = useRef<VirtualizerHandle>(null);
  const { name, wanted } = useContext(FoundContext);
  // The place that was found is brought before the reader.
  useEffect(() => {
    const pattern = name === id ? patternOf(wanted) : undefined;
    const at = pattern ? parts.findIndex((part) => pattern.test(part)) : -1;
    if (at >= 0) list.current?.scrollToIndex(at, { align: 'center' });
  }, [id, name, wanted, parts]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className={styles.whole} ref={scroller} tabIndex={0} aria-label="The whole output">
      <Virtualizer ref={list} scrollRef={scroller} data={parts}>
        {(part, at) => (
          <pre key={at}>
            <AnsiText text={part} />
          </pre>
        )}
      </Virtualizer>
    </section>
  );
}
