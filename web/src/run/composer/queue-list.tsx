import { Button } from '../../design/button.tsx';
import { plural } from '../../design/in-words.ts';
import { Problem } from '../../design/problem.tsx';
import type { Editing } from './editing.ts';
import { heldSince, saidIn, whoSends } from './queue.ts';
import { QueueEntry } from './queue-entry.tsx';
import styles from './queue-list.module.css';
import { useEditing } from './use-editing.ts';
import type { QueueState } from './use-queue.ts';

export interface QueueListProps {
  readonly runId: string;
  readonly state: QueueState;
  /** What they wait for, in words. */
  readonly waitsFor: string;
}

/** What will be sent, in its order: to be read again, changed, put elsewhere, or taken back. */
export function QueueList({ runId, state, waitsFor }: QueueListProps) {
  const { queue, pause, outgoing, refused, trouble, change } = state;
  const edits = useEditing(runId);
  const lost = edits.all.filter((editing) => !queue.some(({ id }) => id === editing.id));
  if (queue.length === 0 && outgoing.length === 0 && !refused && lost.length === 0 && !trouble) return null;
  return (
    <section className={styles.queue} aria-label="Messages that wait">
      {queue.length > 0 && (
        <p className={styles.note}>
          {plural(queue.length, 'message')} {queue.length === 1 ? 'waits' : 'wait'} {waitsFor}.
          {!pause && ` ${whoSends(queue)}`}
        </p>
      )}
      {pause && queue.length > 0 && (
        <div className={styles.held} role="status">
          <span>{heldSince(pause)}.</span>
          <Button onClick={() => void change((messages) => messages.resume())}>Go on sending</Button>
          <Button kind="quiet" onClick={() => void change((messages) => messages.clear())}>
            Remove {queue.length === 1 ? 'it' : 'them all'}
          </Button>
        </div>
      )}
      {refused && (
        <div className={styles.held}>
          <span className={styles.text}>
            Refused: {saidIn(refused)}
            {refused.refusal !== undefined && ` (${refused.refusal})`}
          </span>
          <Button onClick={state.queueAgain}>Queue again</Button>
        </div>
      )}
      {trouble && <Problem error={trouble} title="The queue stays as it was" />}
      {lost.map((editing) => (
        <LostEdit key={editing.id} editing={editing} state={state} onDone={() => edits.end(editing.id)} />
      ))}
      <ol>
        {queue.map((message, at) => (
          <QueueEntry
            key={message.id}
            message={message}
            state={state}
            editing={edits.all.find(({ id }) => id === message.id)}
            edits={edits}
            isFirst={at === 0}
            isLast={at === queue.length - 1}
          />
        ))}
      </ol>
      <OnTheirWay state={state} />
    </section>
  );
}

/** What this browser has given away and the server does not have yet. */
function OnTheirWay({ state: { outgoing, problem, tryAgain, drop } }: { readonly state: QueueState }) {
  if (outgoing.length === 0) return null;
  return (
    <>
      {problem && (
        <div className={styles.problem}>
          <Problem error={problem} title="Not sent" />
          <Button onClick={tryAgain}>Try again</Button>
          <Button kind="quiet" onClick={drop}>
            Throw it away
          </Button>
        </div>
      )}
      <ul>
        {outgoing.map((message) => (
          <li key={message.id} className={styles.entry}>
            <span className={styles.text}>{saidIn(message)}</span>
            <span role="status" className={styles.with}>
              {problem ? 'kept in this browser' : 'Sending …'}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Somebody has sent it, or taken it back, while it was being changed here. */
function LostEdit({ editing, state, onDone }: { editing: Editing; state: QueueState; onDone: () => void }) {
  const queueIt = () => {
    state.add({ text: editing.draft.trim(), images: editing.images, to: 'queue' });
    onDone();
  };
  return (
    <div className={styles.held} role="status">
      <span className={styles.text}>This was sent or taken back before your change: {editing.draft}</span>
      {editing.draft.trim() !== '' && <Button onClick={queueIt}>Queue it too</Button>}
      <Button kind="quiet" onClick={onDone}>
        Throw it away
      </Button>
    </div>
  );
}
