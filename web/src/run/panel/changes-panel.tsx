import { useMemo, useState } from 'react';
import type { RunView } from '../../../../src/contract/view.ts';
import { type ChangedFile, changesByFile } from '../../design/diff-files.ts';
import { linesOf, sizeOf } from '../../design/diff-lines.ts';
import { DiffView } from '../../design/diff-view.tsx';
import { exact } from '../../design/exact.ts';
import { plural } from '../../design/in-words.ts';
import { useTurnDiffs } from '../../design/use-turn-diffs.ts';
import styles from './panel.module.css';

/** What the turns of a run have changed, file by file, and what it left behind when it ended. */
export function ChangesPanel({ view }: { readonly view: RunView }) {
  const diffs = useTurnDiffs(view);
  const files = useMemo(() => changesByFile(diffs), [diffs]);
  const left = view.outcome?.workspace;
  if (files.length === 0 && (left?.changes.length ?? 0) === 0) {
    return (
      <p className={styles.empty}>
        Nothing has changed. What Codex changes with patches appears here, turn by turn; what its commands change is
        listed once the run has ended.
      </p>
    );
  }
  return (
    <>
      {files.length > 0 && (
        <section className={styles.section}>
          <h2>{plural(files.length, 'file')} changed by its turns</h2>
          {files.map((file) => (
            <FileChanges key={file.path} file={file} root={view.session?.workspace.path} />
          ))}
        </section>
      )}
      {left && left.changes.length > 0 && (
        <section className={styles.section}>
          <h2>Different from the start</h2>
          {left.branch && (
            <p className={styles.note}>
              On the branch <code>{left.branch}</code>
              {left.commit && (
                <>
                  {' '}
                  at <code>{left.commit.slice(0, 12)}</code>
                </>
              )}
            </p>
          )}
          <ul className={styles.list}>
            {left.changes.map(({ path, change }) => (
              <li key={path}>
                <code>{exact(path)}</code> <span className={styles.note}>{change}</span>
              </li>
            ))}
          </ul>
          {left.isPartial && <p className={styles.note}>There are more files than are compared.</p>}
        </section>
      )}
    </>
  );
}

function FileChanges({ file, root }: { readonly file: ChangedFile; readonly root: string | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const size = useMemo(() => {
    const sizes = file.diffs.map(({ diff }) => sizeOf(linesOf(diff)));
    return {
      added: sizes.reduce((sum, { added }) => sum + added, 0),
      removed: sizes.reduce((sum, { removed }) => sum + removed, 0),
    };
  }, [file]);
  const name = root && file.path.startsWith(`${root}/`) ? file.path.slice(root.length + 1) : file.path;
  return (
    <details className={styles.file} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <code>{exact(name)}</code>
        <span className={styles.plus}>+{size.added}</span> <span className={styles.minus}>−{size.removed}</span>
      </summary>
      {isOpen &&
        file.diffs.map(({ turn, kind, diff }) => (
          <div key={turn} className={styles.turn}>
            {file.diffs.length > 1 && <p className={styles.note}>Turn {turn}</p>}
            <DiffView path={name} kind={kind} diff={diff} />
          </div>
        ))}
    </details>
  );
}
