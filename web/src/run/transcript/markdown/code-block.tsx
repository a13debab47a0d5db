import { useEffect, useState } from 'react';
import { CopyButton } from '../../../design/copy-button.tsx';
import { whenIdle } from '../../../design/idle.ts';
import styles from './code-block.module.css';
import type { Colored } from './highlight.ts';

/** Longer code stays of one colour: to find its words would hold up everything else. */
const MAX_COLORED = 50_000;

export interface CodeBlockProps {
  readonly text: string;
  readonly language: string | null;
  readonly isGrowing: boolean;
}

/** Code, coloured as soon as what knows its language is loaded. */
export function CodeBlock({ text, language, isGrowing }: CodeBlockProps) {
  const colored = useColored(text, isGrowing ? null : language);
  return (
    <figure className={styles.code} dir="ltr">
      <figcaption>
        <span>{language ?? ''}</span>
        <CopyButton text={text} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <pre tabIndex={0}>
        <code>{colored ? colored.map(draw) : text}</code>
      </pre>
    </figure>
  );
}

function draw({ text, look }: Colored, at: number) {
  return look === null ? (
    text
  ) : (
    <span key={at} data-look={look}>
      {text}
    </span>
  );
}

function useColored(text: string, language: string | null): readonly Colored[] | null {
  const [colored, setColored] = useState<{ text: string; parts: readonly Colored[] | null }>();
  useEffect(() => {
    if (language === null || text.length > MAX_COLORED) return;
    let isGone = false;
    const color = async () => {
      await whenIdle(); // it can be read without: first comes whatever else is to be seen
      const { colorize } = await import('./highlight.ts');
      await whenIdle();
      if (!isGone) setColored({ text, parts: colorize(text, language) });
    };
    color().catch(() => {}); // without colours it says the same
    return () => {
      isGone = true;
    };
  }, [text, language]);
  return colored?.text === text ? colored.parts : null;
}
