import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.tsx';

/** Puts a text into the clipboard, and says that it is there. */
export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const [said, setSaid] = useState<string | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('The browser does not allow it; select it and copy it by hand');
    }
  };
  return (
    <Button kind="quiet" onClick={() => void copy()} onBlur={() => setSaid(null)}>
      {said === 'Copied' ? <Check size={14} /> : <Copy size={14} />}
      <span role="status">{said ?? label}</span>
    </Button>
  );
}
