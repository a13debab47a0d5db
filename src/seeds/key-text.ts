import { OptioError } from '../errors.ts';
import { KEY_BYTES } from './encryption.ts';

/**
 * Keys as they are written: each 32 bytes in base64, with commas or lines between them. The first is the one to encrypt with.
 * `source`: where they stand. Throws `invalid-config`.
 */
export function readKeys(text: string, source: string): readonly Uint8Array[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length > 0 && words.every(isKey)) return words.map((word) => Buffer.from(word, 'base64'));
  throw new OptioError(
    'invalid-config',
    `${source}: a key of the seeds is ${KEY_BYTES} bytes in base64, and this is none`,
    {
      field: source,
      remedy: 'Make one with `openssl rand -base64 32`. Seeds that there are need the key with which they were saved.',
    },
  );
}

/** Base64 as it is written: what decodes to the same bytes only by leniency is a mistake. */
function isKey(word: string): boolean {
  const bytes = Buffer.from(word, 'base64');
  return bytes.length === KEY_BYTES && bytes.toString('base64') === word;
}
