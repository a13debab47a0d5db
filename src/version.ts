import { createRequire } from 'node:module';

/** The version of this package. */
export const VERSION = (createRequire(import.meta.url)('../package.json') as { version: string }).version;

/** Below 0 when the first is older than the second, above 0 when it is newer. Both are like 1.2.3; what follows a `-` is left out. */
export function compareVersions(first: string, second: string): number {
  const [a, b] = [first, second].map((version) => version.split('-')[0]?.split('.').map(Number) ?? []);
  for (let part = 0; part < 3; part++) {
    const difference = (a?.[part] ?? 0) - (b?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
