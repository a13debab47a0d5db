import { imageTypeOf } from '../../../src/contract/image-type.ts';

/** What of a file is shown: a picture, the beginning of a text, or nothing, since it is neither. */
export type Content =
  | { readonly kind: 'image' }
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean; readonly lines: number }
  | { readonly kind: 'binary' };

/** How much of a text is shown, in bytes. */
export const MAX_SHOWN = 256 * 1024;
/** How far it is looked for what no text has. */
const LOOKED_AT = 8 * 1024;

/** Told by the content, and not by its name, which an agent may have chosen. SVG is a text: it may hold scripts. */
export function contentOf(bytes: Uint8Array): Content {
  if (imageTypeOf(bytes)) return { kind: 'image' };
  if (bytes.subarray(0, LOOKED_AT).includes(0)) return { kind: 'binary' };
  const isCut = bytes.length > MAX_SHOWN;
  const text = decode(bytes.subarray(0, MAX_SHOWN), isCut);
  if (text === undefined) return { kind: 'binary' };
  return { kind: 'text', text, isCut, lines: text === '' ? 0 : text.replace(/\n$/, '').split('\n').length };
}

function decode(bytes: Uint8Array, isCut: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut }); // the last character may be cut
  } catch {
    return undefined;
  }
}

/** `0 bytes`, `12 kB`, `3.4 MB`. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const kilobytes = bytes / 1000;
  if (kilobytes < 999.5) return `${kilobytes < 9.95 ? kilobytes.toFixed(1) : Math.round(kilobytes)} kB`;
  return `${(kilobytes / 1000).toFixed(1)} MB`;
}
