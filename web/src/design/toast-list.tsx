import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from '../live/store.ts';
import { Button } from './button.tsx';
import { type Toast, toasts } from './toast.ts';
import styles from './toast-list.module.css';
import { WaitingList } from './waiting-list.tsx';

/** What was done lately. It is read out as it comes, and what failed at once. */
export function ToastList() {
  const shown = useStore(toasts.shown);
  return (
    <section className={styles.list} aria-label="What was done">
      <ol aria-live="polite" aria-relevant="additions">
        {shown.map((toast) => (
          <ToastView key={toast.id} toast={toast} />
        ))}
        <WaitingList />
      </ol>
    </section>
  );
}

function ToastView({ toast }: { readonly toast: Toast }) {
  const { id, kind, text, detail, action, each, progress, staysMs } = toast;
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (staysMs === null || isHeld) return;
    const timer = setTimeout(() => toasts.close(id), staysMs);
    return () => clearTimeout(timer);
  }, [id, staysMs, isHeld]);
  return (
    <li
      className={styles.toast}
      data-kind={kind}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <div className={styles.words} role={kind === 'failed' ? 'alert' : undefined}>
        <p>{progress ? `${text}: ${progress.done} of ${progress.of}` : text}</p>
        {progress && <progress value={progress.done} max={progress.of} aria-label={text} />}
        {detail !== undefined && <p className={styles.detail}>{detail}</p>}
        {each.length > 0 && (
          <details className={styles.each}>
            <summary>Which, and why</summary>
            <ul>
              {each.map((part) => (
                <li key={part.id}>
                  <strong>{part.name}</strong> {part.text}
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      {action && <Button onClick={() => toasts.act(id)}>{action.label}</Button>}
      <Button kind="quiet" isIcon aria-label="Close" onClick={() => toasts.close(id)}>
        <X size={15} aria-hidden />
      </Button>
      {action && staysMs !== null && !isHeld && (
        <span className={styles.rest} style={{ animationDuration: `${staysMs}ms` }} />
      )}
    </li>
  );
}
