import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import type { WorkspaceEntry } from '../../../../src/contract/workspace-file.ts';
import styles from './composer.module.css';
import { newer, older, type Place } from './message-history.ts';
import { PathList } from './path-list.tsx';
import { withPath } from './path-token.ts';
import { usePathCompletion } from './use-path-completion.ts';

export interface MessageTextProps {
  readonly runId: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly sentBefore: readonly string[];
  readonly onSend: (steer: boolean) => void;
  readonly isRunning: boolean;
}

/** The box in which one types: it grows, completes paths after `@`, and knows what was sent before. */
export function MessageText({ runId, text, onText, sentBefore, onSend, isRunning }: MessageTextProps) {
  const listId = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(text.length);
  const [place, setPlace] = useState<Place | null>(null);
  const completion = usePathCompletion(runId, text, caret);
  const { entries, chosen, token } = completion;
  const [hasFocus, setFocus] = useState(false);
  const isOffering = hasFocus && entries.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what makes it grow
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [text]);
  const put = (next: string, at: number) => {
    onText(next);
    setCaret(at);
    requestAnimationFrame(() => box.current?.setSelectionRange(at, at));
  };
  const choose = (entry: WorkspaceEntry | undefined) => {
    if (!token || !entry) return;
    put(...withPath(text, token, { path: entry.path, isDirectory: entry.kind === 'directory' }));
  };
  const onListKey = (key: string): boolean => {
    if (key === 'ArrowDown' || key === 'ArrowUp') completion.move(key === 'ArrowDown' ? 1 : -1);
    else if (key === 'Enter' || key === 'Tab') choose(entries[chosen]);
    else if (key === 'Escape') completion.dismiss();
    else return false;
    return true;
  };
  const lookBack = (key: string): boolean => {
    const isUp = key === 'ArrowUp';
    if ((!isUp && key !== 'ArrowDown') || (text !== '' && place === null)) return false;
    const step = isUp ? older(sentBefore, place, text) : newer(sentBefore, place, text);
    if (!step) return false;
    setPlace(step.place);
    put(step.text, step.text.length);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isPlain && ((isOffering && onListKey(event.key)) || lookBack(event.key))) return event.preventDefault();
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    event.preventDefault();
    setPlace(null);
    onSend(isRunning && (event.ctrlKey || event.metaKey));
  };
  return (
    <div className={styles.text}>
      {isOffering && <PathList id={listId} entries={entries} chosen={chosen} onChoose={choose} />}
      <textarea
        ref={box}
        rows={1}
        dir="auto"
        aria-label="Message"
        aria-autocomplete="list"
        aria-controls={isOffering ? listId : undefined}
        aria-activedescendant={isOffering ? `${listId}-${chosen}` : undefined}
        placeholder={isRunning ? 'Write for after this turn …' : 'Write to the agent …'}
        value={text}
        onChange={(event) => {
          onText(event.target.value);
          setCaret(event.target.selectionStart);
          setPlace(null);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
      />
    </div>
  );
}
