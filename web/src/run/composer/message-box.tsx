import { Paperclip, Square } from 'lucide-react';
import {
  type ClipboardEvent,
  type DragEvent,
  type FormEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react';
import { Button } from '../../design/button.tsx';
import { Problem } from '../../design/problem.tsx';
import { attached } from './attached.ts';
import { AttachmentList } from './attachment-list.tsx';
import styles from './composer.module.css';
import { MessageText } from './message-text.tsx';
import { QueueList } from './queue-list.tsx';
import { withFiles } from './upload-name.ts';
import { useAttachments } from './use-attachments.ts';
import { useInterrupt } from './use-interrupt.ts';
import { useMessageKeys } from './use-message-keys.ts';
import type { QueueState } from './use-queue.ts';

export interface MessageBoxProps {
  readonly runId: string;
  readonly queue: QueueState;
  readonly draft: string;
  readonly onDraft: (text: string) => void;
  /** The turn that goes on. */
  readonly turnId: string | undefined;
  /** What a message waits for that is sent now, in words. */
  readonly waitsFor: string;
  /** What one says now cannot be the next thing that happens in the run. */
  readonly hasToWait: boolean;
  readonly sentBefore: readonly string[];
}

/** A message, with files: sent now, when the turn has ended, or into the running turn. */
export function MessageBox({ runId, queue, draft, onDraft, turnId, waitsFor, hasToWait, sentBefore }: MessageBoxProps) {
  const attachments = useAttachments(runId);
  const interrupt = useInterrupt(runId, turnId);
  const form = useRef<HTMLFormElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  useEscape(form, interrupt.arm);
  const isRunning = turnId !== undefined;
  useMessageKeys(isRunning);
  const isUploading = attachments.files.some(({ path, problem }) => path === null && problem === null);
  const canSend = (draft.trim() !== '' || attachments.files.some(({ path }) => path !== null)) && !isUploading;
  const send = (steer: boolean) => {
    if (!canSend) return;
    const { images, others } = attached(attachments.files);
    const to = steer ? 'turn' : hasToWait ? 'queue' : 'codex';
    queue.add({ text: withFiles(draft.trim(), others), images, to });
    onDraft('');
    attachments.clear();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(false);
  };
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    attachments.add([...event.clipboardData.files]);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    attachments.add([...event.dataTransfer.files]);
  };
  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(true);
  };
  return (
    <form
      ref={form}
      className={styles.composer}
      aria-label="Message to the agent"
      onSubmit={submit}
      onPaste={onPaste}
      onDrop={onDrop}
      onDragOver={onDragOver}
      onDragLeave={() => setOver(false)}
    >
      <QueueList runId={runId} state={queue} waitsFor={waitsFor} />
      {interrupt.problem && <Problem error={interrupt.problem} title="Not interrupted" />}
      <div className={styles.box} data-over={isOver}>
        <AttachmentList attachments={attachments} />
        <MessageText
          runId={runId}
          text={draft}
          onText={onDraft}
          sentBefore={sentBefore}
          onSend={send}
          isRunning={isRunning}
        />
        <div className={styles.actions}>
          <Button
            kind="quiet"
            isIcon
            aria-label="Add files"
            title="Add files; they are put into the workspace, below uploads/. The agent sees pictures"
            onClick={() => picker.current?.click()}
          >
            <Paperclip size={16} aria-hidden />
          </Button>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              attachments.add([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
          <span className={styles.hint} role="status">
            {interrupt.isArmed ? 'Escape once more interrupts the turn' : ''}
          </span>
          {isRunning && (
            <>
              <Button
                kind="quiet"
                disabled={interrupt.isBusy}
                onClick={() => void interrupt.begin()}
                title="Escape twice"
              >
                <Square size={12} aria-hidden />
                {interrupt.isBusy ? 'Interrupting …' : 'Interrupt'}
              </Button>
              <Button disabled={!canSend} onClick={() => send(true)} title="Put it into the running turn: Ctrl+Enter">
                Steer now
              </Button>
            </>
          )}
          <Button
            kind="main"
            type="submit"
            disabled={!canSend}
            title={hasToWait ? 'Sent when the turn has ended: Enter' : 'Enter'}
          >
            {hasToWait ? 'Queue' : 'Send'}
          </Button>
        </div>
      </div>
    </form>
  );
}

/** Escape counts wherever one is on this screen, but in what lies above it (menus, dialogs), which it closes. */
function useEscape(form: RefObject<HTMLFormElement | null>, onEscape: () => void): void {
  const latest = useRef(onEscape);
  useEffect(() => {
    latest.current = onEscape;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      const target = event.target as HTMLElement;
      if (target === document.body || form.current?.closest('main')?.contains(target)) latest.current();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [form]);
}
