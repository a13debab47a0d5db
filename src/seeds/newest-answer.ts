import { AUTH_FILE } from './manifest.ts';
import type { RefreshPlace } from './refresh-files.ts';
import type { RefreshAnswer } from './refresh-order.ts';
import type { RefreshesParts } from './refreshes.ts';
import { tokensOf } from './renewed-auth.ts';
import type { SeedContent } from './vault.ts';

/** Whether what was sent for this version is the token that there is: another version may have the same login, with other settings. */
export async function isOfCurrent(
  { seedId, version }: RefreshPlace,
  content: SeedContent,
  seeds: Pick<RefreshesParts['seeds'], 'content'>,
): Promise<boolean> {
  if (version === content.version) return true;
  const sent = await seeds.content(seedId, version).catch(() => undefined);
  return sent !== undefined && refreshTokenIn(sent) === refreshTokenIn(content);
}

/**
 * Whether an answer for an older version is newer than what there is now: somebody went back to a content whose token was sent. It is
 * not where that was saved already, where somebody has logged in since, and where it was for a seed that was removed.
 */
export async function isNewest(
  { seedId, version }: RefreshPlace,
  { at, result }: RefreshAnswer,
  content: SeedContent,
  seeds: Pick<RefreshesParts['seeds'], 'content' | 'versions'>,
): Promise<boolean> {
  const given = 'refreshToken' in result ? result.refreshToken : undefined;
  const current = JSON.parse(content.files[AUTH_FILE] ?? '{}') as { last_refresh?: string };
  if (Date.parse(current.last_refresh ?? '') > Date.parse(at)) return false;
  const kept = await seeds.versions(seedId);
  for (const later of kept.filter((each) => each > version)) {
    const saved = await seeds.content(seedId, later).catch(() => undefined);
    if (saved && refreshTokenIn(saved) === given) return false;
  }
  return kept.some((each) => each <= version);
}

function refreshTokenIn({ files }: SeedContent): string | undefined {
  return tokensOf(files[AUTH_FILE] ?? '{}')?.refreshToken;
}
