import { Columns2, Rows3 } from 'lucide-react';
import { memo, useMemo, useState } from 'react';
import { useStore } from '../live/store.ts';
import { Button } from './button.tsx';
import { chooseDiffLayout, diffLayout } from './diff-layout.ts';
import { type DiffKind, type DiffLine, linesOf, linesOfContent, sideBySide, sizeOf } from './diff-lines.ts';
import styles from './diff-view.module.css';
import { exact } from './exact.ts';
import { ROOMY, useMedia } from './use-media.ts';

/** How many lines are drawn before somebody asks for the rest. */
const MAX_LINES = 400;
const WORDS: Readonly<Record<DiffKind, string>> = {
  add: 'new',
  delete: 'deleted',
  update: '',
  move: 'moved',
};

export interface DiffViewProps {
  readonly path: string;
  readonly kind: DiffKind;
  /** A unified diff. */
  readonly diff: string;
  /** It is the whole content instead, as Codex tells of a file that is added or deleted (false). */
  readonly isContent?: boolean;
  /** Where a moved file went. */
  readonly movedTo?: string | undefined;
}

/** How one file has changed: in one column, or before and after side by side, as the reader likes it. */
export const DiffView = memo(function DiffView({ path, kind, diff, isContent = false, movedTo }: DiffViewProps) {
  const layout = useStore(diffLayout);
  const isRoomy = useMedia(ROOMY);
  const lines = useMemo(
    () => (isContent && (kind === 'add' || kind === 'delete') ? linesOfContent(kind, diff) : linesOf(diff)),
    [kind, diff, isContent],
  );
  const { added, removed } = useMemo(() => sizeOf(lines), [lines]);
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? lines : lines.slice(0, MAX_LINES);
  const isSplit = layout === 'split' && isRoomy;
  return (
    <figure className={styles.diff} aria-label={`Changes of ${path}`}>
      <figcaption className={styles.head}>
        <code className={styles.path}>
          {exact(path)}
          {movedTo && ` → ${exact(movedTo)}`}
        </code>
        {WORDS[kind] && <span className={styles.kind}>{WORDS[kind]}</span>}
        <span className={styles.size}>
          <span className={styles.plus}>+{added}</span> <span className={styles.minus}>−{removed}</span>
        </span>
        {isRoomy && <LayoutSwitch />}
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label={`Lines of ${path}`}>
        {isSplit ? <Split lines={shown} /> : <Unified lines={shown} />}
      </section>
      {shown.length < lines.length && (
        <Button kind="quiet" onClick={() => setWhole(true)}>
          Show {lines.length - shown.length} more lines
        </Button>
      )}
    </figure>
  );
});

function LayoutSwitch() {
  const isSplit = useStore(diffLayout) === 'split';
  const label = isSplit ? 'Show in one column' : 'Show side by side';
  return (
    <Button
      kind="quiet"
      isIcon
      aria-label={label}
      title={label}
      onClick={() => chooseDiffLayout(isSplit ? 'unified' : 'split')}
    >
      {isSplit ? <Rows3 size={14} /> : <Columns2 size={14} />}
    </Button>
  );
}

function Unified({ lines }: { readonly lines: readonly DiffLine[] }) {
  return (
    <table className={styles.unified}>
      <tbody>
        {lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is nothing but its place
          <tr key={at} className={styles[line.kind]}>
            <td className={styles.number}>{line.before}</td>
            <td className={styles.number}>{line.after}</td>
            <Sign line={line} />
            <td className={styles.text}>{textOf(line)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Split({ lines }: { readonly lines: readonly DiffLine[] }) {
  const pairs = useMemo(() => sideBySide(lines), [lines]);
  return (
    <table className={styles.split}>
      <tbody>
        {pairs.map(({ left, right }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is nothing but its place
          <tr key={at}>
            <Half line={left} number={left?.before ?? null} />
            <Half line={right} number={right?.after ?? null} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Half({ line, number }: { readonly line: DiffLine | null; readonly number: number | null }) {
  const kind = line ? styles[line.kind] : styles.nothing;
  return (
    <>
      <td className={`${styles.number} ${kind}`}>{number}</td>
      <td className={`${styles.text} ${kind}`}>{line && textOf(line)}</td>
    </>
  );
}

function Sign({ line }: { readonly line: DiffLine }) {
  if (line.kind === 'added') return <td className={styles.sign}>+</td>;
  if (line.kind === 'removed') return <td className={styles.sign}>−</td>;
  return <td className={styles.sign} />;
}

/** An empty line has a height all the same. */
function textOf(line: DiffLine): string {
  if (line.kind === 'gap') return '⋯';
  return line.text === '' ? ' ' : exact(line.text);
}
