import { ChevronDown, ChevronRight, File, Link2 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { WorkspaceEntry } from '../../../src/contract/workspace-file.ts';
import { exact } from '../design/exact.ts';
import { sizeInWords } from './content.ts';
import styles from './file-tree.module.css';
import { linesOf, moveOf } from './tree.ts';
import type { OpenTree } from './use-tree.ts';

/** For how many frames an entry is waited for that is to have the focus. */
const MAX_FRAMES = 60;

export interface FileTreeProps extends OpenTree {
  /** What is not as it was when the run began. */
  readonly changed: ReadonlySet<string>;
  /** The file that is shown. */
  readonly shown: string | null;
  readonly onShow: (entry: WorkspaceEntry) => void;
}

/** What is drawn of it is what one sees: a directory may hold thousands. The arrow keys move, open and close; Enter shows. */
export function FileTree({ tree, open, close, changed, shown, onShow }: FileTreeProps) {
  const [current, setCurrent] = useState('');
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const isMoving = useRef(false);
  const lines = linesOf(tree);
  const entries = lines.flatMap((line) => (line.kind === 'entry' ? [line.entry] : []));
  const focused = entries.some(({ path }) => path === current) ? current : (entries[0]?.path ?? '');

  const at = lines.findIndex((line) => line.kind === 'entry' && line.entry.path === focused);
  // The one that is to have the focus is drawn by now, wherever it lies, but it takes none before it was measured.
  useEffect(() => {
    if (!isMoving.current) return;
    isMoving.current = false;
    list.current?.scrollToIndex(at, { align: 'nearest' });
    let left = MAX_FRAMES;
    let frame = 0;
    const focus = () => {
      const entry = box.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(focused)}"]`);
      entry?.focus({ preventScroll: true });
      if (document.activeElement !== entry && left-- > 0) frame = requestAnimationFrame(focus);
    };
    focus();
    return () => cancelAnimationFrame(frame);
  }, [focused, at]);

  const press = (entry: WorkspaceEntry, isOpen: boolean) => {
    setCurrent(entry.path);
    if (entry.kind === 'directory') (isOpen ? close : open)(entry.path);
    else if (entry.kind === 'file') onShow(entry);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moveOf(event.key, lines, focused);
    if (!move) return;
    event.preventDefault();
    if (move.kind === 'open') open(move.path);
    else if (move.kind === 'close') close(move.path);
    else if (move.kind === 'go') {
      isMoving.current = true;
      setCurrent(move.path);
    } else {
      const entry = entries.find(({ path }) => path === move.path);
      if (entry) press(entry, false);
    }
  };
  return (
    <div className={styles.tree} role="tree" aria-label="Files of the workspace" ref={box} onKeyDown={onKeyDown}>
      <Virtualizer ref={list} scrollRef={box} data={lines} keepMounted={at < 0 ? [] : [at]}>
        {(line) =>
          line.kind === 'note' ? (
            <p key={`${line.path}/?`} className={styles.note} style={{ '--depth': line.depth } as React.CSSProperties}>
              {line.text}
            </p>
          ) : (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it takes the keys
            <div
              key={line.entry.path}
              role="treeitem"
              className={styles.entry}
              data-path={line.entry.path}
              tabIndex={line.entry.path === focused ? 0 : -1}
              aria-level={line.depth + 1}
              aria-posinset={line.place}
              aria-setsize={line.of}
              aria-expanded={line.entry.kind === 'directory' ? line.isOpen : undefined}
              aria-selected={line.entry.path === shown}
              aria-disabled={['link', 'other'].includes(line.entry.kind) || undefined}
              style={{ '--depth': line.depth } as React.CSSProperties}
              onClick={() => press(line.entry, line.isOpen)}
            >
              <Icon kind={line.entry.kind} isOpen={line.isOpen} />
              <span className={styles.name}>{exact(line.entry.name)}</span>
              {changed.has(line.entry.path) && <span className={styles.changed}>changed</span>}
              <span className={styles.size}>{saidOf(line.entry, line.isLoading)}</span>
            </div>
          )
        }
      </Virtualizer>
    </div>
  );
}

function Icon({ kind, isOpen }: { readonly kind: WorkspaceEntry['kind']; readonly isOpen: boolean }) {
  if (kind === 'directory')
    return isOpen ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />;
  return kind === 'link' ? <Link2 size={14} aria-hidden /> : <File size={14} aria-hidden />;
}

function saidOf({ kind, size }: WorkspaceEntry, isLoading: boolean): string {
  if (isLoading) return 'loading …';
  if (kind === 'file') return sizeInWords(size);
  if (kind === 'link') return 'link, not followed';
  return kind === 'other' ? 'no file' : '';
}
