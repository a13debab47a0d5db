import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { exact } from '../design/exact.ts';
import styles from './shell-text.module.css';

/** A command as it stands, whole; coloured as soon as what colours it has come. */
export function ShellText({ text: command }: { readonly text: string }) {
  const text = exact(command);
  const [coloured, setColoured] = useState<ReactNode>(null);
  useEffect(() => {
    let isWanted = true;
    import('./shell-colours.tsx').then(
      ({ shellColours }) => isWanted && setColoured(shellColours(text)),
      () => {}, // it can be read without colours
    );
    return () => {
      isWanted = false;
    };
  }, [text]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className={styles.shell} tabIndex={0} aria-label="Command">
      <pre>
        <code>{coloured ?? text}</code>
      </pre>
    </section>
  );
}
