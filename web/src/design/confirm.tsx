import type { ReactNode } from 'react';
import { BusyButton } from './busy-button.tsx';
import { Button } from './button.tsx';
import { Dialog, DialogActions } from './dialog.tsx';

export interface ConfirmProps {
  /** The question: `Cancel 3 runs?` */
  readonly title: string;
  /** What it means. */
  readonly description: ReactNode;
  /** What the button says that does it, and while it does: `Cancel runs`, `Cancelling …`. */
  readonly action: string;
  readonly busy: string;
  /** Does it; the dialog is closed once that has settled. It tells by itself what went wrong. */
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something is done that cannot be undone. */
export function Confirm({ title, description, action, busy, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} description={description} onClose={onClose}>
      <DialogActions>
        <Button onClick={onClose}>Not now</Button>
        <BusyButton kind="danger" busy={busy} onAct={() => onConfirm().finally(onClose)}>
          {action}
        </BusyButton>
      </DialogActions>
    </Dialog>
  );
}
