import type { ComponentProps } from 'react';
import styles from './button.module.css';

export interface ButtonProps extends ComponentProps<'button'> {
  /** The one thing to do here, any other, what cannot be undone, or one among words (`plain`). */
  readonly kind?: 'main' | 'plain' | 'danger' | 'quiet';
  /** An icon alone: then it needs a label. */
  readonly isIcon?: boolean;
}

export function Button({ kind = 'plain', isIcon = false, className, type = 'button', ...rest }: ButtonProps) {
  const classes = [styles.button, styles[kind], isIcon && styles.icon, className].filter(Boolean).join(' ');
  return <button type={type} className={classes} {...rest} />;
}
