import { createElement, Fragment, memo, type ReactNode, useState } from 'react';
import { Blocks } from './blocks.ts';
import { CodeBlock } from './code-block.tsx';
import styles from './markdown.module.css';
import { PathLink } from './path-link.tsx';
import { type Piece, piecesOf } from './pieces.ts';

export interface MarkdownProps {
  readonly text: string;
  /** More of it comes. */
  readonly isGrowing: boolean;
}

/** How many blocks are drawn as one: so many are looked at for each word that comes, and not all of them. */
const GROUP = 24;

/** A text in Markdown. While it grows, only its last block is drawn anew. */
export function Markdown({ text, isGrowing }: MarkdownProps) {
  const [blocks] = useState(() => new Blocks());
  const raws = blocks.of(text, !isGrowing);
  const starts = Array.from({ length: Math.ceil(raws.length / GROUP) }, (_, at) => at * GROUP);
  const isLong = starts.length > 2;
  return (
    <div className={styles.markdown}>
      {starts.map((start) => {
        const group = raws.slice(start, start + GROUP);
        const isLast = start + GROUP >= raws.length;
        return <Group key={start} raws={group} isGrowing={isGrowing && isLast} isFar={isLong && !isLast} />;
      })}
    </div>
  );
}

interface GroupProps {
  readonly raws: readonly string[];
  readonly isGrowing: boolean;
  /** It is one of many, which the browser lays out only where one sees it. */
  readonly isFar: boolean;
}

const Group = memo(
  function Group({ raws, isGrowing, isFar }: GroupProps) {
    return (
      <div className={styles.group} data-far={isFar || undefined}>
        {raws.map((raw, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a block is nothing but its place
          <Block key={at} raw={raw} isGrowing={isGrowing && at === raws.length - 1} />
        ))}
      </div>
    );
  },
  (a, b) =>
    a.isGrowing === b.isGrowing &&
    a.isFar === b.isFar &&
    a.raws.length === b.raws.length &&
    a.raws.every((raw, at) => raw === b.raws[at]),
);

const Block = memo(function Block({ raw, isGrowing }: { readonly raw: string; readonly isGrowing: boolean }) {
  return <div className={styles.block}>{drawn(piecesOf(raw), isGrowing)}</div>;
});

function drawn(pieces: readonly Piece[], isGrowing: boolean): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: a piece is nothing but its place
  return pieces.map((piece, at) => <Fragment key={at}>{draw(piece, isGrowing)}</Fragment>);
}

/** What has a side of its own takes it from its text; code is read from left to right, whatever is around it. */
const DIRECTIONS: Readonly<Partial<Record<string, 'auto' | 'ltr'>>> = {
  ul: 'auto',
  ol: 'auto',
  blockquote: 'auto',
  code: 'ltr',
};

function draw(piece: Piece, isGrowing: boolean): ReactNode {
  if (typeof piece === 'string') return piece;
  switch (piece.tag) {
    case 'pre':
      return <CodeBlock text={piece.text} language={piece.language} isGrowing={isGrowing} />;
    case 'tick':
      return <span className={styles.tick}>{piece.isDone ? '☑' : '☐'} </span>;
    case 'a':
      return (
        <a href={piece.href} target="_blank" rel="noopener noreferrer">
          {drawn(piece.children, isGrowing)}
        </a>
      );
    case 'path':
      return (
        <PathLink address={piece.address} isNamed={piece.children.join() !== piece.address}>
          {drawn(piece.children, isGrowing)}
        </PathLink>
      );
    case 'br':
    case 'hr':
      return createElement(piece.tag);
    case 'table':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        <section className={styles.table} tabIndex={0} aria-label="Table">
          <table dir="auto">{drawn(piece.children, isGrowing)}</table>
        </section>
      );
    default: {
      const { tag, children, start, align } = piece;
      return createElement(tag, { start, dir: DIRECTIONS[tag], 'data-align': align }, ...drawn(children, isGrowing));
    }
  }
}
