/** A path as one reads it: from the workspace on, where it lies in there. */
export function shortPath(path: string, workspace: string | null): string {
  if (workspace === null) return path;
  if (path === workspace) return '.';
  return path.startsWith(`${workspace}/`) ? path.slice(workspace.length + 1) : path;
}

/** The path from the workspace on; null for one that lies elsewhere. */
export function pathInside(path: string, workspace: string | null): string | null {
  if (!path.startsWith('/')) return path;
  return workspace !== null && path.startsWith(`${workspace}/`) ? path.slice(workspace.length + 1) : null;
}
