import { type FormEvent, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { api } from '../../live/api.ts';
import type { Journal } from '../../live/journal.ts';
import styles from './composer.module.css';

/** Where one writes to the agent. */
export function Composer({ journal }: { readonly journal: Journal }) {
  const [text, setText] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await (await api.find(journal.runId)).send(text);
    setText('');
  };
  return (
    <form className={styles.composer} onSubmit={(event) => void submit(event)}>
      <textarea aria-label="Message" rows={2} value={text} onChange={(event) => setText(event.target.value)} />
      <Button kind="main" type="submit" disabled={text.trim() === ''}>
        Send
      </Button>
    </form>
  );
}
