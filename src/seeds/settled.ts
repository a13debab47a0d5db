import type { OptioError } from '../errors.ts';
import type { RefreshResult } from './token-endpoint.ts';
import type { SeedContent } from './vault.ts';

/** What had been left of refreshes, now that it is taken up. */
export interface Settled {
  /** What the seed holds. */
  readonly content: SeedContent;
  /** The token of this content may have gone out, and nobody knows what came of it. */
  readonly isDoubtful: boolean;
  /** What the refresh of the content before has come to, where one was over. */
  readonly result?: RefreshResult;
  /** Why the content, which is the newest, could not be saved; it lies on the disk, encrypted, and is saved later. */
  readonly unsaved?: OptioError;
}

/** A refresh, as its lease holder wants it. */
export interface RefreshWish {
  readonly content: SeedContent;
  readonly reason: 'proactive_expiry' | 'unauthorized_recovery';
}
