import { useEffect, useState } from 'react';
import { imageTypeOf } from '../../../src/contract/image-type.ts';

export interface PictureProps {
  readonly bytes: Uint8Array;
  /** What it shows, for whoever does not see it. */
  readonly name: string;
  readonly className?: string | undefined;
}

/** A picture out of bytes. Its kind is told by these: only what a browser can do nothing with but draw it is given to it. */
export function Picture({ bytes, name, className }: PictureProps) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const type = imageTypeOf(bytes);
    if (type === undefined) return;
    const made = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return url === undefined ? null : <img className={className} src={url} alt={name} />;
}
