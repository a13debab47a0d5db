import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import styles from './dialog.module.css';
import { useReturnFocus } from './return-focus.ts';

export interface DialogProps {
  readonly title: string;
  /** What it is about, in a sentence. */
  readonly description?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Wider than a question needs (false). */
  readonly isWide?: boolean;
}

/** Something that comes before everything else, until it is closed: with Escape, by its button, or by a click beside it. */
export function Dialog({ title, description, onClose, children, isWide = false }: DialogProps) {
  const finalFocus = useReturnFocus();
  return (
    <Base.Root open onOpenChange={(isOpen) => isOpen || onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup className={styles.popup} data-wide={isWide || undefined} finalFocus={finalFocus}>
          <header className={styles.header}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <Base.Close render={<Button kind="quiet" isIcon aria-label="Close" />}>
              <X size={16} aria-hidden />
            </Base.Close>
          </header>
          {description !== undefined && (
            <Base.Description className={styles.description}>{description}</Base.Description>
          )}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** Its buttons, at its end. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}
