import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { OptioError } from '../errors.ts';
import type { SealedContent } from '../store/seed-record.ts';

const FORMAT = 'oc1';
const ALGORITHM = 'aes-256-gcm';
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key, and the name by which it is known without being told. */
export interface SeedKey {
  readonly id: string;
  readonly secret: Uint8Array;
}

/** The first one encrypts; each of them decrypts what was encrypted with it. */
export type SeedKeys = readonly [SeedKey, ...SeedKey[]];

export function toSeedKey(secret: Uint8Array): SeedKey {
  const id = createHmac('sha256', secret).update('the name of a key of optio-codex').digest('hex').slice(0, 16);
  return { id, secret };
}

/**
 * Encrypts the content of a version of a seed, as `oc1.KEY.NONCE.CIPHERTEXT.TAG`. It is bound to both: in the place of another
 * version or of another seed it cannot be decrypted.
 */
export function seal(content: string, place: Omit<SealedContent, 'sealed'>, { id, secret }: SeedKey): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, secret, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(place, id));
  const encrypted = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
  return [FORMAT, id, ...[nonce, encrypted, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.');
}

/** Throws `seed-unreadable` where none of the keys is the right one, or something else stands there than was written. */
export function unseal({ sealed, ...place }: SealedContent, keys: SeedKeys): string {
  const parts = sealed.split('.');
  const [format, id = '', ...binary] = parts;
  const [nonce, encrypted, tag] = binary.map((part) => Buffer.from(part, 'base64url'));
  const isWhole = nonce?.length === NONCE_BYTES && encrypted && tag?.length === TAG_BYTES && parts.length === 5;
  if (format !== FORMAT || !isWhole) throw tampered(place);
  const key = keys.find((each) => each.id === id);
  if (!key) throw otherKey(place, id, keys);
  try {
    const decipher = createDecipheriv(ALGORITHM, key.secret, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(place, id));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]).toString('utf8');
  } catch {
    throw tampered(place);
  }
}

function boundTo({ seedId, version }: Omit<SealedContent, 'sealed'>, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([FORMAT, keyId, seedId, version]));
}

function otherKey({ seedId, version }: Omit<SealedContent, 'sealed'>, id: string, keys: SeedKeys): OptioError {
  const known = keys.map((key) => key.id).join(', ');
  const which = /^[0-9a-f]{16}$/.test(id) ? id : 'of another kind';
  return new OptioError(
    'seed-unreadable',
    `version ${version} of the seed ${seedId} was encrypted with the key ${which}, and there is only ${known}`,
    { remedy: 'Give the key with which it was saved, besides the new one.' },
  );
}

function tampered({ seedId, version }: Omit<SealedContent, 'sealed'>): OptioError {
  return new OptioError(
    'seed-unreadable',
    `what is stored as version ${version} of the seed ${seedId} is not what was written there`,
    { remedy: 'Find out who writes into the store. Go back to another version, or remove the seed and add it anew.' },
  );
}
