import { posix } from 'node:path';

/**
 * Whether a file is meant by a pattern: a file, a directory with all below it, or one with `*` and `?` (within a name)
 * and `**` (any number of names). A relative pattern begins at each of the roots. Names with a dot are names like others.
 */
export function isMeant(file: string, pattern: string, roots: readonly string[]): boolean {
  const path = posix.normalize(file);
  if (!posix.isAbsolute(path)) return false;
  const [from, relative] = posix.isAbsolute(pattern) ? [['/'], pattern.slice(1)] : [roots, pattern];
  return from.some((root) => below(root, path, posix.normalize(relative).replace(/\/$/, '')));
}

function below(root: string, path: string, pattern: string): boolean {
  const prefix = root.endsWith('/') ? root : `${root}/`;
  if (!path.startsWith(prefix)) return false;
  return pattern === '.' || toExpression(pattern).test(path.slice(prefix.length));
}

function toExpression(pattern: string): RegExp {
  const source = pattern.replace(
    /\*\*\/|\*\*|\*|\?|[^*?]+/g,
    (part) => MEANING[part] ?? part.replace(/[\\^$.+()[\]{}|]/g, '\\$&'),
  );
  return new RegExp(/[*?]/.test(pattern) ? `^${source}$` : `^${source}(?:/.*)?$`, 's');
}

const MEANING: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };
