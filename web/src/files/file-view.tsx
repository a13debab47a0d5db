import { Download, X } from 'lucide-react';
import { useMemo } from 'react';
import type { WorkspaceEntry } from '../../../src/contract/workspace-file.ts';
import { Button } from '../design/button.tsx';
import { Picture } from '../design/picture.tsx';
import { Problem } from '../design/problem.tsx';
import { useAction } from '../design/use-action.ts';
import { type Loaded, useLoaded } from '../design/use-loaded.ts';
import { api } from '../live/api.ts';
import { type Content, contentOf, MAX_SHOWN, sizeInWords } from './content.ts';
import styles from './file-view.module.css';
import { saveFile } from './save-file.ts';

/** What is larger is fetched only when somebody downloads it, in bytes. */
const MAX_LOOK = 8 * 1024 * 1024;

export interface FileViewProps {
  readonly runId: string;
  readonly entry: WorkspaceEntry;
  readonly onClose: () => void;
}

/** A file of the workspace: what is in it, as text or as a picture, and never as a page. */
export function FileView({ runId, entry, onClose }: FileViewProps) {
  const { path, name, size, modifiedAt } = entry;
  const read = async () => (await api.find(runId)).readFile(path);
  const isLarge = size > MAX_LOOK;
  const file: Loaded<Uint8Array> = useLoaded(isLarge ? null : `${path} ${modifiedAt}`, read);
  const content = useMemo(() => (file.data ? contentOf(file.data) : undefined), [file.data]);
  const download = useAction(async () => saveFile(name, await read()));
  return (
    <section className={styles.view} aria-label={path}>
      <header className={styles.header}>
        <h3>{path}</h3>
        <span className={styles.quiet}>{sizeInWords(size)}</span>
        <Button onClick={() => void download.begin()} disabled={download.isBusy}>
          <Download size={14} aria-hidden />
          {download.isBusy ? 'Fetching …' : 'Download'}
        </Button>
        <Button kind="quiet" isIcon aria-label="Close the file" onClick={onClose}>
          <X size={16} aria-hidden />
        </Button>
      </header>
      <Problem error={file.problem ?? download.problem} />
      {isLarge && <p className={styles.quiet}>It is too large to be shown here: download it.</p>}
      {file.isLoading && !content && !isLarge && <p className={styles.quiet}>Loading …</p>}
      {content && file.data && <Shown content={content} bytes={file.data} name={name} />}
    </section>
  );
}

function Shown({
  content,
  bytes,
  name,
}: {
  readonly content: Content;
  readonly bytes: Uint8Array;
  readonly name: string;
}) {
  if (content.kind === 'image') return <Picture bytes={bytes} name={name} className={styles.picture} />;
  if (content.kind === 'binary') return <p className={styles.quiet}>It is no text: download it to look at it.</p>;
  if (content.text === '') return <p className={styles.quiet}>The file is empty.</p>;
  return (
    <>
      {content.isCut && (
        <p className={styles.quiet}>
          The first {sizeInWords(MAX_SHOWN)} of {sizeInWords(bytes.length)}: download it for the rest.
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: one scrolls in it by keyboard */}
      <div className={styles.text} tabIndex={0}>
        <pre aria-hidden className={styles.numbers}>
          {Array.from({ length: content.lines }, (_, index) => index + 1).join('\n')}
        </pre>
        <pre>{content.text}</pre>
      </div>
    </>
  );
}
