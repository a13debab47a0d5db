import type { SeedSummary } from '../contract/seed.ts';
import { factsOf } from './saved-login.ts';
import type { SeedContent } from './vault.ts';

/**
 * How a seed is once somebody went back to an older content. `others`: what else is kept of it. Where one of these was made later, that
 * was by a refresh, which uses a token up, or by a login.
 */
export function wentBack(to: SeedContent, others: readonly SeedContent[]): Pick<SeedSummary, 'state' | 'reason'> {
  const { fingerprint, refreshedAt } = factsOf(to.files);
  const madeAt = Date.parse(refreshedAt ?? '');
  const isOld = others
    .map(({ files }) => factsOf(files))
    .some((other) => other.fingerprint !== fingerprint && Date.parse(other.refreshedAt ?? '') > madeAt);
  const but = isOld ? ', whose refresh token may have been used since' : '';
  return { state: 'unknown', reason: `went back to version ${to.version}${but}` };
}
