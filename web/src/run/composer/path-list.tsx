import { File, Folder } from 'lucide-react';
import type { WorkspaceEntry } from '../../../../src/contract/workspace-file.ts';
import { plural } from '../../design/in-words.ts';
import styles from './composer.module.css';

export interface PathListProps {
  readonly id: string;
  readonly entries: readonly WorkspaceEntry[];
  readonly chosen: number;
  readonly onChoose: (entry: WorkspaceEntry) => void;
}

/** Files and directories to choose from; the keys for it are those of the box in which one types. */
export function PathList({ id, entries, chosen, onChoose }: PathListProps) {
  if (entries.length === 0) return null;
  return (
    <>
      <p className="visually-hidden" role="status">
        {plural(entries.length, 'path')}: arrows to choose, Enter to take one
      </p>
      <div id={id} role="listbox" aria-label="Files of the workspace" className={styles.paths}>
        {entries.map((entry, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the box in which one types
          <div
            key={entry.path}
            id={`${id}-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === chosen}
            className={styles.pathOption}
            onMouseDown={(event) => event.preventDefault()} // the focus stays in the box
            onClick={() => onChoose(entry)}
          >
            {entry.kind === 'directory' ? <Folder size={14} aria-hidden /> : <File size={14} aria-hidden />}
            <code>
              {entry.path}
              {entry.kind === 'directory' && '/'}
            </code>
          </div>
        ))}
      </div>
    </>
  );
}
