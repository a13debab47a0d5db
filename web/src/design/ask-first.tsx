import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import styles from './dialog.module.css';
import { DialogActions } from './dialog.tsx';
import { Problem } from './problem.tsx';
import { useReturnFocus } from './return-focus.ts';
import { useAction } from './use-action.ts';

export interface AskFirstProps {
  /** (true) */
  readonly isOpen?: boolean;
  readonly onClose: () => void;
  /** The question: `Cancel 3 runs?` */
  readonly title: string;
  /** What will have happened then. */
  readonly children: ReactNode;
  /** What the button says that does it, and while it does: `Cancel runs`, `Cancelling …`. */
  readonly verb: string;
  readonly verbWhile: string;
  /** It can be taken back, and is asked about only since it is large (false). */
  readonly isHarmless?: boolean;
  readonly act: () => Promise<unknown>;
}

/** Asks before something is done that cannot be taken back. What goes wrong is shown where one has said yes. */
export function AskFirst({ isOpen = true, onClose, title, children, verb, verbWhile, isHarmless, act }: AskFirstProps) {
  const action = useAction(act);
  const finalFocus = useReturnFocus(isOpen);
  const confirm = async () => {
    if (await action.begin()) onClose();
  };
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => !open && !action.isBusy && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles.backdrop} />
        <AlertDialog.Popup className={styles.popup} finalFocus={finalFocus}>
          <AlertDialog.Title className={styles.title}>{title}</AlertDialog.Title>
          <AlertDialog.Description className={styles.description} render={<div />}>
            {children}
          </AlertDialog.Description>
          <Problem error={action.problem} />
          <DialogActions>
            <Button onClick={onClose} disabled={action.isBusy}>
              Not now
            </Button>
            <Button
              kind={isHarmless ? 'main' : 'danger'}
              onClick={() => void confirm()}
              disabled={action.isBusy}
              aria-busy={action.isBusy}
            >
              {action.isBusy ? verbWhile : verb}
            </Button>
          </DialogActions>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
