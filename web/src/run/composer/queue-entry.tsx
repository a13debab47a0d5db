import { ArrowDown, ArrowUp, CornerDownRight, Pencil, X } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { QueuedMessage } from '../../../../src/contract/message-queue.ts';
import { Button } from '../../design/button.tsx';
import type { Editing } from './editing.ts';
import { placeBefore, saidIn } from './queue.ts';
import styles from './queue-list.module.css';
import type { EditingState } from './use-editing.ts';
import type { QueueState } from './use-queue.ts';

export interface QueueEntryProps {
  readonly message: QueuedMessage;
  readonly state: QueueState;
  /** Undefined while it is not being changed here. */
  readonly editing: Editing | undefined;
  readonly edits: EditingState;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export function QueueEntry(props: QueueEntryProps) {
  const { editing } = props;
  return editing ? <Changing {...props} editing={editing} /> : <Waiting {...props} />;
}

function Waiting({ message, state, edits, isFirst, isLast }: QueueEntryProps) {
  const { id, text, images, isHeld = false } = message;
  const { queue, change, steer } = state;
  const ids = queue.map((each) => each.id);
  const begin = () => {
    edits.put({ id, draft: text, was: text, images });
    void change((messages) => messages.hold(id));
  };
  const move = (step: -1 | 1) => () => void change((messages) => messages.move(id, placeBefore(ids, id, step)));
  const act = (label: string, icon: ReactNode, onClick: () => void, isDisabled = false) => (
    <Button
      kind="quiet"
      isIcon
      aria-label={`${label}: ${saidIn(message).slice(0, 40)}`}
      title={label}
      disabled={isDisabled}
      onClick={onClick}
    >
      {icon}
    </Button>
  );
  return (
    <li className={styles.entry}>
      <span className={styles.text}>{saidIn(message)}</span>
      {text !== '' && images.length > 0 && <span className={styles.with}>with {saidIn({ text: '', images })}</span>}
      {isHeld && (
        <Button
          kind="quiet"
          title="Somebody has begun to change it; neither it nor what comes after it is sent"
          onClick={() => void change((messages) => messages.release(id))}
        >
          Held: let it go
        </Button>
      )}
      {steer && act('Steer now', <CornerDownRight size={14} />, () => steer(message))}
      {act('Earlier', <ArrowUp size={14} />, move(-1), isFirst)}
      {act('Later', <ArrowDown size={14} />, move(1), isLast)}
      {act('Change', <Pencil size={14} />, begin)}
      {act('Remove', <X size={14} />, () => void change((messages) => messages.remove(id)))}
    </li>
  );
}

function Changing({ message, state, editing, edits }: QueueEntryProps & { readonly editing: Editing }) {
  const { id, images } = message;
  const { draft, was } = editing;
  const isOthers = message.text !== was;
  const leave = () => {
    edits.end(id);
    void state.change((messages) => messages.release(id));
  };
  const save = async () => {
    if (draft.trim() === '' && images.length === 0) return leave();
    if (await state.change((messages) => messages.edit(id, draft.trim(), { was }))) edits.end(id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation(); // it ends the editing, and not the turn
      leave();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      void save();
    }
  };
  return (
    <li className={styles.entry}>
      <textarea
        // biome-ignore lint/a11y/noAutofocus: somebody has just asked to change it
        autoFocus
        // One goes on where the message ends.
        onFocus={({ target }) => target.setSelectionRange(target.value.length, target.value.length)}
        aria-label="Change the message"
        dir="auto"
        rows={2}
        value={draft}
        onChange={(event) => edits.put({ ...editing, draft: event.target.value })}
        onKeyDown={onKeyDown}
      />
      {isOthers ? (
        <span className={styles.warning} role="status">
          Somebody else has changed it to “{message.text}”.{' '}
          <Button onClick={() => edits.put({ ...editing, was: message.text })}>Mine instead</Button>
        </span>
      ) : (
        <Button onClick={() => void save()}>Keep</Button>
      )}
      <Button kind="quiet" onClick={leave}>
        Cancel
      </Button>
    </li>
  );
}
