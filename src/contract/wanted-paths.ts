/**
 * Tells which paths are meant by some that somebody has named, from the workspace on: files, and directories with all that is
 * below them; everything where nothing is named.
 */
export function wantedPaths(named: readonly string[]): (path: string) => boolean {
  const wanted = named.map((path) => path.replace(/^(\.\/+)+|\/+$/g, ''));
  if (wanted.length === 0 || wanted.some((name) => name === '' || name === '.')) return () => true;
  return (path) => wanted.some((name) => path === name || path.startsWith(`${name}/`));
}
