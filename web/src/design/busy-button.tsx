import { type ReactNode, useState } from 'react';
import { Button, type ButtonProps } from './button.tsx';

export interface BusyButtonProps extends Omit<ButtonProps, 'onClick'> {
  /** What it does. It says so, and cannot be pressed again, until that has settled; whatever it throws is its own to tell. */
  readonly onAct: () => Promise<unknown>;
  /** What it says meanwhile: `Cancelling …`. */
  readonly busy: ReactNode;
}

/** A button for what takes a while. */
export function BusyButton({ onAct, busy, disabled, children, ...rest }: BusyButtonProps) {
  const [isBusy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    try {
      await onAct();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button {...rest} disabled={disabled || isBusy} aria-busy={isBusy} onClick={() => void press()}>
      {isBusy ? busy : children}
    </Button>
  );
}
