import { Paperclip, X } from 'lucide-react';
import { Button } from '../../design/button.tsx';
import styles from './composer.module.css';
import type { Attachments } from './use-attachments.ts';

/** The files that go with the next message, and where they lie by now. */
export function AttachmentList({ attachments: { files, remove } }: { readonly attachments: Attachments }) {
  if (files.length === 0) return null;
  return (
    <ul className={styles.files} aria-label="Files for this message">
      {files.map(({ key, name, path, preview, problem }) => (
        <li key={key} className={styles.file} data-failed={problem !== null}>
          {preview === null ? (
            <Paperclip size={14} aria-hidden />
          ) : (
            <img className={styles.preview} src={preview} alt="" />
          )}
          <span role={problem ? 'alert' : 'status'}>
            {path ? <code>{path}</code> : name}
            {preview !== null && ', as a picture'}
            {!path && !problem && ' is being put into the workspace …'}
            {problem && `: ${[problem.message, problem.remedy].filter(Boolean).join(' ')}`}
          </span>
          <Button kind="quiet" isIcon aria-label={`Leave out ${name}`} title="Leave out" onClick={() => remove(key)}>
            <X size={14} aria-hidden />
          </Button>
        </li>
      ))}
    </ul>
  );
}
