import { type RefObject, useEffect, useRef, useState } from 'react';
import { Field } from '../design/field.tsx';
import styles from './add-login.module.css';

interface SecretProps {
  /** Is given what reads the field, and what empties it. */
  readonly read: RefObject<() => string>;
  readonly clear: RefObject<() => void>;
  readonly error: string | undefined;
}

/** A key. It is in its field and nowhere else in the page, and nobody sees it. */
export function KeyField({ read, clear, error }: SecretProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    read.current = () => input.current?.value.trim() ?? '';
    clear.current = () => {
      if (input.current) input.current.value = '';
    };
    return () => forget(read, clear);
  }, [read, clear]);
  return (
    <Field label="Key" hint="It is stored encrypted, and shown to nobody again." error={error}>
      {(parts) => (
        <input {...parts} ref={input} type="password" autoComplete="off" spellCheck={false} placeholder="sk-…" />
      )}
    </Field>
  );
}

/** The content of an auth.json, pasted or out of a file; nobody sees that either. */
export function AuthFileField({ read, clear, error }: SecretProps) {
  const input = useRef<HTMLInputElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const [name, setName] = useState<string | null>(null);
  useEffect(() => {
    read.current = () => input.current?.value.trim() ?? '';
    clear.current = () => {
      for (const field of [input.current, file.current]) if (field) field.value = '';
      setName(null);
    };
    return () => forget(read, clear);
  }, [read, clear]);
  const take = async (chosen: File | undefined) => {
    if (!chosen || !input.current) return;
    // A field of one line takes no ends of lines, which say nothing in JSON.
    input.current.value = (await chosen.text()).replace(/[\r\n]+/g, ' ');
    setName(chosen.name);
  };
  return (
    <>
      <p className={styles.warning}>
        <strong>Use this login nowhere else from then on.</strong> Its refresh token works once: whoever uses it a
        second time, such as the Codex from whose home it comes, may end the login for everybody. Log in anew where you
        still need one.
      </p>
      <Field
        label="Content of the auth.json"
        hint={name === null ? 'It is stored encrypted, and shown to nobody again.' : `From the file ${name}.`}
        error={error}
      >
        {(parts) => (
          <input
            {...parts}
            ref={input}
            type="password"
            autoComplete="off"
            spellCheck={false}
            placeholder="paste it here"
            onChange={() => setName(null)}
          />
        )}
      </Field>
      <Field label="Or the file">
        {(parts) => (
          <input
            {...parts}
            ref={file}
            type="file"
            accept=".json,application/json"
            onChange={(event) => void take(event.target.files?.[0])}
          />
        )}
      </Field>
    </>
  );
}

function forget(read: SecretProps['read'], clear: SecretProps['clear']): void {
  read.current = () => '';
  clear.current = () => {};
}
