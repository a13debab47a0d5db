import { FolderDown, RefreshCw, Upload, X } from 'lucide-react';
import { type DragEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { RunView } from '../../../src/contract/view.ts';
import type { WorkspaceEntry } from '../../../src/contract/workspace-file.ts';
import { AskFirst } from '../design/ask-first.tsx';
import { Button } from '../design/button.tsx';
import { useCaller } from '../design/caller.ts';
import { Problem } from '../design/problem.tsx';
import { useAction } from '../design/use-action.ts';
import { useTurnDiffs } from '../design/use-turn-diffs.ts';
import { api, feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { changedPaths } from './changed-paths.ts';
import { downloadAll } from './download-all.ts';
import { FileTree } from './file-tree.tsx';
import { FileView } from './file-view.tsx';
import styles from './files-panel.module.css';
import { useTree } from './use-tree.ts';
import { directoriesOf, entryOf, type WantedFile } from './wanted-file.ts';

/** For how long it says what was uploaded. */
const TOLD_MS = 8_000;

export interface FilesPanelProps {
  readonly runId: string;
  readonly view: RunView;
  /** What somebody has asked to see by its path. */
  readonly wanted: WantedFile | null;
}

/** The workspace of a run: its files, to look at, to download, and to put more there. */
export function FilesPanel({ runId, view, wanted }: FilesPanelProps) {
  // It has a workspace once it has a session; what has happened while nobody could be asked is not known.
  const isLive = useStore(feed.status) === 'live';
  const tree = useTree(runId, isLive ? (view.session?.workspace.path ?? '') : null);
  const diffs = useTurnDiffs(view);
  const { session, outcome } = view;
  const changed = useMemo(() => changedPaths(diffs, { session, outcome }), [diffs, session, outcome]);
  const { mayAct } = useCaller();
  const [shown, setShown] = useState<WorkspaceEntry | null>(null);
  const [told, setTold] = useState('');
  useEffect(() => {
    if (told === '') return;
    const timer = setTimeout(() => setTold(''), TOLD_MS);
    return () => clearTimeout(timer);
  }, [told]);
  const picker = useRef<HTMLInputElement>(null);
  const [inTheWay, setInTheWay] = useState<{ files: readonly File[]; names: readonly string[] } | null>(null);
  const put = async (files: readonly File[]) => {
    const run = await api.find(runId);
    for (const file of files) await run.writeFile(file.name, new Uint8Array(await file.arrayBuffer()));
    setTold(files.length === 1 ? `${files[0]?.name} is there now.` : `${files.length} files are there now.`);
    tree.reload();
  };
  const upload = useAction(async (files: readonly File[]) => {
    setTold('');
    if (files.length === 0) return;
    const there = new Set((await (await api.find(runId)).listFiles()).entries.map(({ name }) => name));
    const names = files.map(({ name }) => name).filter((name) => there.has(name));
    if (names.length > 0) setInTheWay({ files, names });
    else await put(files);
  });
  const download = useAction(() => downloadAll(runId));
  const { open } = tree;
  const look = useAction(async (path: string) => {
    const entry = await entryOf(runId, path);
    for (const directory of directoriesOf(path)) open(directory);
    if (entry.kind === 'directory') open(path);
    else setShown(entry);
  });
  const { begin: lookFor, isBusy: isLooking } = look;
  const looked = useRef<WantedFile>(null);
  useEffect(() => {
    if (!wanted || isLooking || looked.current === wanted) return;
    looked.current = wanted;
    void lookFor(wanted.path);
  }, [wanted, isLooking, lookFor]);
  const onDrop = (event: DragEvent) => {
    if (!mayAct || event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    void upload.begin([...event.dataTransfer.files]);
  };
  return (
    <section
      className={styles.panel}
      aria-label="Files"
      onDragOver={(event) => mayAct && event.preventDefault()}
      onDrop={onDrop}
    >
      <div className={styles.bar}>
        {mayAct && (
          <>
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              onChange={(event) => {
                void upload.begin([...(event.target.files ?? [])]);
                event.target.value = ''; // the same file may come again
              }}
            />
            <Button onClick={() => picker.current?.click()} disabled={upload.isBusy}>
              <Upload size={14} aria-hidden />
              {upload.isBusy ? 'Uploading …' : 'Upload'}
            </Button>
          </>
        )}
        <Button kind="quiet" disabled={download.isBusy} onClick={() => void download.begin()}>
          <FolderDown size={14} aria-hidden />
          {download.isBusy ? 'Looking …' : 'Download all'}
        </Button>
        <Button kind="quiet" isIcon aria-label="Look again" title="Look again" onClick={tree.reload}>
          <RefreshCw size={14} aria-hidden />
        </Button>
      </div>
      <p className={styles.told} role="status">
        {told !== '' && (
          <>
            {told}
            <Button kind="quiet" isIcon aria-label="Close the message" onClick={() => setTold('')}>
              <X size={14} aria-hidden />
            </Button>
          </>
        )}
      </p>
      <Problem error={upload.problem ?? download.problem ?? look.problem} />
      <FileTree {...tree} changed={changed} shown={shown?.path ?? null} onShow={setShown} />
      {shown && <FileView key={shown.path} runId={runId} entry={shown} onClose={() => setShown(null)} />}
      <AskFirst
        isOpen={inTheWay !== null}
        onClose={() => setInTheWay(null)}
        title={inTheWay?.names.length === 1 ? `Replace ${inTheWay.names[0]}?` : 'Replace files?'}
        verb="Replace"
        verbWhile="Uploading …"
        act={() => put(inTheWay?.files ?? [])}
      >
        <p>Already in the workspace: {inTheWay?.names.join(', ')}. What is there now is lost.</p>
      </AskFirst>
    </section>
  );
}
