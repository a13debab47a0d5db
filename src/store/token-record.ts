import type { Role } from '../contract/role.ts';

/** What lets somebody in, as it is kept: without its secret, which nobody can get back. */
export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** The SHA-256 of the secret, in hexadecimal digits. */
  readonly hash: string;
  readonly createdAt: string;
  /** It lets nobody in from then on; null when it always does. */
  readonly expiresAt: string | null;
}

export interface Tokens {
  /**
   * On disk when it resolves. Gives what of it another one has already, its id or its name; nothing is written then. Those that
   * have expired when it was made are removed, and count for nothing.
   */
  add(token: TokenRecord): Promise<'id' | 'name' | undefined>;
  /** The one with this hash, unless it has expired at this time. */
  find(hash: string, at: string): Promise<TokenRecord | undefined>;
  /** Those that have not expired at this time, oldest first. */
  list(at: string): Promise<TokenRecord[]>;
  /** It lets nobody in once this resolves. False when there is none. */
  remove(id: string): Promise<boolean>;
}
