import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute, resolve } from 'node:path';
import { isWithin } from './paths.ts';

/** What a program needs to find its way about; nothing in it is a secret of ours. */
const ALLOWED = [
  'PATH',
  'LANG',
  'LC_*',
  'LANGUAGE',
  'TERM',
  'TZ',
  'USER',
  'LOGNAME',
  'SHELL',
  // How to reach the network, and whom to trust there.
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CODEX_CA_CERTIFICATE',
];

/** The part of an environment that programs of ours get, without the names that match a pattern of `scrub`. */
export function allowedEnvironment(
  source: Readonly<Record<string, string | undefined>>,
  scrub: readonly string[] = [],
): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined && matches(ALLOWED, name) && !matches(scrub, name)) allowed[name] = value;
  }
  return allowed;
}

/** Where programs are looked for when nobody says where. */
export const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * The parts of a PATH that are absolute and lie, links followed, below none of these directories. What is executed by its
 * name would otherwise be what somebody has put there under that name.
 */
export function trustedPath(path: string, distrusted: ReadonlySet<string>): string {
  const roots = [...distrusted].flatMap((root) => [root, real(root)]);
  const isTrusted = (directory: string) =>
    isAbsolute(directory) &&
    ![resolve(directory), real(directory)].some((place) => roots.some((root) => isWithin(root, place)));
  return path.split(delimiter).filter(isTrusted).join(delimiter) || DEFAULT_PATH;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** `*` stands for any characters; upper and lower case differ. */
function matches(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(name);
  });
}
