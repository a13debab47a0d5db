import { isOfCurrent } from './newest-answer.ts';
import type { RefreshFiles, RefreshIntent, RefreshPlace } from './refresh-files.ts';
import type { RefreshesParts } from './refreshes.ts';
import type { SeedContent } from './vault.ts';

export interface UnansweredRefresh {
  readonly left: RefreshPlace;
  readonly intent: RefreshIntent | 'damaged' | undefined;
  /** What the seed holds now. */
  readonly content: SeedContent;
}

/**
 * Whether a refresh without an answer may have sent the token that there is: nobody knows what came of it, and a token that works once
 * is not sent twice for that. That is kept for whoever comes next, also where other settings have made a new version since.
 */
export async function isDoubtful(
  { seeds, files }: Pick<RefreshesParts, 'seeds'> & { readonly files: RefreshFiles },
  { left, intent, content }: UnansweredRefresh,
): Promise<boolean> {
  const isDamaged = intent === 'damaged';
  if (!isDamaged && !(await files.has(left, 'sent'))) return false;
  if (!(await isOfCurrent(left, content, seeds))) return false;
  const { version } = content;
  const reason = 'what was written down of its last refresh is damaged: its token may have been sent';
  try {
    if (isDamaged) await seeds.note(left.seedId, version, { state: 'unknown', reason });
    if (isDamaged) await files.presumeSent(left);
    if (left.version !== version) await files.moveSent(left, version);
  } catch {
    // The disk is full, say. It is as doubtful the next time.
  }
  return true;
}
