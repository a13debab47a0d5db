import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ReactNode } from 'react';
import styles from './ask-first.module.css';
import { Button } from './button.tsx';
import { ProblemNote } from './problem-note.tsx';
import { useAction } from './use-action.ts';

export interface AskFirstProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will have happened then. */
  readonly children: ReactNode;
  /** What the button says that does it, and while it does. */
  readonly verb: string;
  readonly verbWhile: string;
  readonly act: () => Promise<unknown>;
}

/** Asks before something is done that cannot be taken back. What goes wrong is shown where one has said yes. */
export function AskFirst({ isOpen, onClose, title, children, verb, verbWhile, act }: AskFirstProps) {
  const action = useAction(act);
  const confirm = async () => {
    if (await action.begin()) onClose();
  };
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => !open && !action.isBusy && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles.backdrop} />
        <AlertDialog.Popup className={styles.dialog}>
          <AlertDialog.Title className={styles.title}>{title}</AlertDialog.Title>
          <AlertDialog.Description className={styles.text} render={<div />}>
            {children}
          </AlertDialog.Description>
          <ProblemNote problem={action.problem} />
          <div className={styles.buttons}>
            <Button onClick={onClose} disabled={action.isBusy}>
              Cancel
            </Button>
            <Button kind="danger" onClick={() => void confirm()} disabled={action.isBusy}>
              {action.isBusy ? verbWhile : verb}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
