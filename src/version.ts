import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The version of this package. */
export const VERSION = (createRequire(import.meta.url)('../package.json') as { version: string }).version;

/** What one calls this program by: `npm start --` in a clone, where there is no `optio-codex` on the path. */
export function commandName(env: Readonly<Record<string, string | undefined>>): string {
  return env.OPTIO_CODEX_CALLED_AS || 'optio-codex';
}

/**
 * Which program this is: its version, and in a checkout, where that stays while the sources change, the time of the last change
 * in them as well (`0.1.0+1764144000000`).
 */
export function readBuild(): string {
  if (!import.meta.filename.endsWith('.ts')) return VERSION;
  const root = dirname(import.meta.filename);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const newest = files.reduce((time, name) => Math.max(time, statSync(join(root, name)).mtimeMs), 0);
  return `${VERSION}+${Math.floor(newest)}`;
}

/** Below 0 when the first is older than the second, above 0 when it is newer. What follows a `-` is left out. */
export function compareBuilds(first: string, second: string): number {
  const [a, b] = [numbersOf(first), numbersOf(second)];
  for (let part = 0; part < Math.max(a.length, b.length); part++) {
    const difference = (a[part] ?? 0) - (b[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Major, minor, patch, and the time of a change. What is no number is the oldest there is. */
function numbersOf(build: string): number[] {
  const [version = '', time = '0'] = build.split('+');
  const [major = '', minor = '0', patch = '0'] = (version.split('-')[0] ?? '').split('.');
  return [major, minor, patch, time].map((part) => Number(part) || 0);
}
