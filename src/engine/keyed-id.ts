import { createHash, randomUUID } from 'node:crypto';

/** The id of something that a key makes once: the same for the same key, whichever process is asked. Without a key, a new one. */
export function keyedId(kind: string, key: string | undefined): string {
  return `${kind}-${key === undefined ? randomUUID() : createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}
