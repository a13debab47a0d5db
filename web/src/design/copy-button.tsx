import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.tsx';

/** Puts a text into the clipboard, and says that it is there. */
export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const [state, setState] = useState<'ready' | 'done' | 'failed'>('ready');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('done');
    } catch {
      setState('failed'); // only pages over TLS or of this machine may
    }
  };
  return (
    <Button onClick={() => void copy()} onBlur={() => setState('ready')}>
      {state === 'done' ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      <span aria-live="polite">
        {state === 'ready' ? label : state === 'done' ? 'Copied' : 'Not allowed here: select it'}
      </span>
    </Button>
  );
}
