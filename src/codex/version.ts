import type { Host } from '../hosts/host.ts';

/** Whenever codex starts it makes its home, with links to its own programs; in here it can make nothing. */
const NO_HOME = '/dev/null';

/** Asks a binary for its version; `unknown` when it names none. Throws what `Host.run` throws. */
export async function askVersion(host: Host, binary: string): Promise<string> {
  const { stdout } = await host.run([binary, '--version'], { env: { CODEX_HOME: NO_HOME } });
  return /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? 'unknown';
}

/** Compares two versions like `0.142.5`; one before a release (`-alpha.1`) is older. Negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < 3; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(isRelease(a)) - Number(isRelease(b));
}

/** Reads the version out of the handshake's `userAgent`, `<our name>/<version> (…)`: Codex tells it nowhere else. */
export function readVersion(userAgent: string): string {
  return /^[^/]*\/(\d+\.\d+\.\d+\S*)/.exec(userAgent)?.[1] ?? 'unknown';
}

function isRelease(version: string): boolean {
  return !version.includes('-');
}

function numbers(version: string): number[] {
  return version.split(/[.-]/).slice(0, 3).map(Number);
}
