import { ArrowDown } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { Button } from '../../design/button.tsx';
import { useShortcuts } from '../../frame/shortcuts.ts';
import type { Journal } from '../../live/journal.ts';
import { nameOf } from './addresses.ts';
import { Announcer } from './announcer.tsx';
import { FoundContext } from './find.ts';
import { FindBar } from './find-bar.tsx';
import { FoldsContext, PlaceContext } from './folds.ts';
import { hasNeverBegun } from './never-begun.ts';
import type { Row } from './row.ts';
import { MarkedContext } from './row-shell.tsx';
import { RowView } from './row-view.tsx';
import { Toolbar } from './toolbar.tsx';
import styles from './transcript.module.css';
import { UnaskedPrompt } from './unasked-prompt.tsx';
import { useAhead } from './use-ahead.ts';
import { useFind } from './use-find.ts';
import { useFocusedRow } from './use-focused-row.ts';
import { useFollowing } from './use-following.ts';
import { useFoundMarks } from './use-found-marks.ts';
import { useRequestKeys } from './use-request-keys.ts';
import { useReveal } from './use-reveal.ts';
import { useRows } from './use-rows.ts';

/** The keys of the field in which one says what to find. */
const FIND_KEYS = [
  { keys: 'Enter', label: 'Next place' },
  { keys: 'Shift+Enter', label: 'Place before' },
  { keys: 'Escape', label: 'End the search' },
];

export interface TranscriptProps {
  readonly journal: Journal;
  /** Called with the path of a file that somebody wants to see, from the workspace on. */
  readonly onShowFile: (path: string) => void;
}

/** Everything that happened in a run. */
export function Transcript({ journal, onShowFile }: TranscriptProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const { rows, folds, isWhole, isPrepended } = useRows(journal);
  const ahead = useAhead(isWhole);
  const following = useFollowing(rows, list, scroller);
  const revealing = useReveal({ rows, folds, isReady: isWhole, list, onLeave: following.leave });
  useRequestKeys(journal, revealing.reveal);
  const find = useFind(rows, folds, revealing.reveal);
  useShortcuts('Transcript', [{ keys: 'Mod+F', label: 'Find in this run' }, ...(find.isOpen ? FIND_KEYS : [])]);
  useFoundMarks(scroller, find.wanted, find.current);
  const found = useMemo(
    () => ({ name: find.current === null ? null : nameOf(find.current), wanted: find.wanted }),
    [find.current, find.wanted],
  );
  const focused = useFocusedRow(rows);
  const workspace = journal.view.session?.workspace.path ?? null;
  const place = useMemo(
    () => ({ runId: journal.runId, workspace, showFile: onShowFile }),
    [journal, workspace, onShowFile],
  );
  const closeFind = () => {
    find.close();
    revealing.unmark();
    scroller.current?.focus();
  };
  return (
    <div className={styles.transcript}>
      {find.isOpen ? <FindBar find={find} onClose={closeFind} /> : <Toolbar runId={journal.runId} onFind={find.open} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className={styles.scroller} ref={scroller} tabIndex={0} aria-label="What happened">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: it only takes note of what its rows do */}
        <div className={styles.column} onFocus={focused.onFocus} onBlur={focused.onBlur}>
          {revealing.missing !== null && (
            <p className={styles.hint} role="status">
              The address names an entry that is not in this run.
            </p>
          )}
          {rows.length === 0 && (
            <p className={styles.hint} role="status">
              {isWhole ? 'Nothing has happened yet.' : 'Reading what happened …'}
            </p>
          )}
          {isWhole && hasNeverBegun(journal.view) && <UnaskedPrompt runId={journal.runId} />}
          <FoldsContext value={folds}>
            <PlaceContext value={place}>
              <FoundContext value={found}>
                <MarkedContext value={revealing.marked}>
                  {rows.length > 0 && (
                    <Virtualizer
                      ref={list}
                      scrollRef={scroller}
                      data={rows}
                      shift={isPrepended}
                      bufferSize={ahead}
                      keepMounted={focused.kept}
                      onScroll={following.onScroll}
                    >
                      {drawRow}
                    </Virtualizer>
                  )}
                </MarkedContext>
              </FoundContext>
            </PlaceContext>
          </FoldsContext>
        </div>
      </section>
      {following.missed !== null && (
        <Button className={styles.latest} onClick={following.toEnd}>
          <ArrowDown size={14} aria-hidden="true" />
          {following.missed > 0 ? `${following.missed} new` : 'To the end'}
        </Button>
      )}
      {!isWhole && rows.length > 0 && (
        <p className={styles.reading} role="status">
          Reading what happened before …
        </p>
      )}
      {isWhole && <Announcer rows={rows} />}
    </div>
  );
}

function drawRow(row: Row) {
  return <RowView key={row.key} row={row} />;
}
