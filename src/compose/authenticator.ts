import { createHash, timingSafeEqual } from 'node:crypto';
import type { Authenticate } from '../server/caller.ts';

/** The name of whoever has the token of the data directory. */
const OWNER = 'owner';

/** Lets in whoever has the token of the data directory, as an admin, and those whom the store knows. */
export function authenticator(ownToken: string, others: Authenticate): Authenticate {
  const own = digest(ownToken);
  return async (secret) =>
    timingSafeEqual(digest(secret), own) ? { name: OWNER, role: 'admin', isOwner: true } : others(secret);
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
