import { useMemo, useState } from 'react';
import type { RunView } from '../../../../src/contract/view.ts';
import { Choice } from '../../design/choice.tsx';
import { type ChangedFile, changesByFile } from '../../design/diff-files.ts';
import { linesOf, sizeOf } from '../../design/diff-lines.ts';
import { DiffView } from '../../design/diff-view.tsx';
import { exact } from '../../design/exact.ts';
import { plural } from '../../design/in-words.ts';
import { useTurnDiffs } from '../../design/use-turn-diffs.ts';
import { Store, useStore } from '../../live/store.ts';
import styles from './panel.module.css';
import { SinceStart } from './since-start.tsx';

/** Which changes this reader looks at, as long as the page is open. */
const chosen = new Store<'start' | 'turns'>('start');

/** What has become of the files of a run: compared with its start, or as its turns have patched them. */
export function ChangesPanel({ runId, view }: { readonly runId: string; readonly view: RunView }) {
  const which = useStore(chosen);
  return (
    <>
      <div className={styles.which}>
        <Choice
          label="Which changes"
          options={[
            { value: 'start', label: 'Since the start' },
            { value: 'turns', label: 'By turn' },
          ]}
          value={which}
          onChange={(value) => chosen.set(value)}
        />
      </div>
      {which === 'start' ? <SinceStart key={runId} runId={runId} view={view} /> : <ByTurn view={view} />}
    </>
  );
}

/** What its turns have changed with patches, file by file. */
function ByTurn({ view }: { readonly view: RunView }) {
  const diffs = useTurnDiffs(view);
  const files = useMemo(() => changesByFile(diffs), [diffs]);
  if (files.length === 0) {
    return (
      <p className={styles.empty}>
        No turn has patched a file. What Codex changes with patches appears here, turn by turn; what its commands change
        is among what differs from the start.
      </p>
    );
  }
  return (
    <section className={styles.section}>
      <h2>{plural(files.length, 'file')} changed by its turns</h2>
      {files.map((file) => (
        <FileChanges key={file.path} file={file} root={view.session?.workspace.path} />
      ))}
    </section>
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
