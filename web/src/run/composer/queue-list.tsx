import { ArrowDown, ArrowUp, CornerDownRight, Pencil, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { plural } from '../../design/in-words.ts';
import { Problem } from '../../design/problem.tsx';
import { edited, held, moved, type QueuedMessage, saidIn, without } from './queue.ts';
import styles from './queue-list.module.css';
import type { QueueState } from './use-queue.ts';

export interface QueueListProps {
  readonly state: QueueState;
  /** What they wait for, in words. */
  readonly waitsFor: string;
  /** The run is over once the turn has completed. */
  readonly endsWithTurn: boolean;
}

/** What will be sent, in its order: to be read again, changed, put elsewhere, or taken back. */
export function QueueList({ state, waitsFor, endsWithTurn }: QueueListProps) {
  const { queue, sending, problem, tryAgain } = state;
  if (queue.length === 0) return null;
  return (
    <section className={styles.queue} aria-label="Messages that wait">
      <p className={styles.note}>
        {plural(queue.length, 'message')} {queue.length === 1 ? 'waits' : 'wait'} {waitsFor}. Kept in this browser, and
        sent only while this run is open here.
      </p>
      {endsWithTurn && (
        <p className={styles.warning} role="status">
          This run is over once its turn has completed, and then nothing more is sent. “Steer now” puts a message into
          the turn.
        </p>
      )}
      {problem && (
        <div className={styles.problem}>
          <Problem error={problem} title="Not sent" />
          <Button onClick={tryAgain}>Try again</Button>
        </div>
      )}
      <ol>
        {queue.map((message, at) => (
          <QueueEntry
            key={message.id}
            message={message}
            state={state}
            isSending={sending === message.id}
            isFirst={at === 0}
            isLast={at === queue.length - 1}
          />
        ))}
      </ol>
    </section>
  );
}

interface EntryProps {
  readonly message: QueuedMessage;
  readonly state: QueueState;
  readonly isSending: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function QueueEntry({ message, state, isSending, isFirst, isLast }: EntryProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const { id, text, steer, images = [], isHeld = false } = message;
  const begin = () => {
    state.change((queue) => held(queue, id, true));
    setDraft(text);
  };
  const leave = () => {
    state.change((queue) => held(queue, id, false));
    setDraft(null);
  };
  const save = () => {
    if (draft !== null && (draft.trim() || images.length > 0)) state.change((queue) => edited(queue, id, draft.trim()));
    else state.change((queue) => held(queue, id, false));
    setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation(); // it ends the editing, and not the turn
      leave();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      save();
    }
  };
  if (draft !== null && !isSending) {
    return (
      <li className={styles.entry}>
        <textarea
          // biome-ignore lint/a11y/noAutofocus: somebody has just asked to change it
          autoFocus
          // One goes on where the message ends.
          onFocus={({ target }) => target.setSelectionRange(target.value.length, target.value.length)}
          aria-label="Change the message"
          rows={2}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <Button onClick={save}>Keep</Button>
        <Button kind="quiet" onClick={leave}>
          Cancel
        </Button>
      </li>
    );
  }
  const act = (label: string, icon: ReactNode, onClick: () => void, isDisabled = false) => (
    <Button
      kind="quiet"
      isIcon
      aria-label={`${label}: ${saidIn(message).slice(0, 40)}`}
      title={label}
      disabled={isSending || isDisabled}
      onClick={onClick}
    >
      {icon}
    </Button>
  );
  return (
    <li className={styles.entry}>
      {steer && <CornerDownRight size={14} aria-label="For the running turn" />}
      <span className={styles.text}>{saidIn(message)}</span>
      {text !== '' && images.length > 0 && <span className={styles.with}>with {saidIn({ text: '', images })}</span>}
      {isSending && <span role="status">Sending …</span>}
      {isHeld && (
        <Button kind="quiet" title="Somebody has begun to change it" onClick={leave}>
          Held: let it go
        </Button>
      )}
      {act('Earlier', <ArrowUp size={14} />, () => state.change((queue) => moved(queue, id, -1)), isFirst)}
      {act('Later', <ArrowDown size={14} />, () => state.change((queue) => moved(queue, id, 1)), isLast)}
      {act('Change', <Pencil size={14} />, begin)}
      {act('Remove', <X size={14} />, () => state.change((queue) => without(queue, id)))}
    </li>
  );
}
