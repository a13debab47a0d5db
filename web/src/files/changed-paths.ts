import type { RunView } from '../../../src/contract/view.ts';
import { filesOfDiff } from '../design/diff-files.ts';

/**
 * What in a workspace is not as it was when the run began, from there on, with the directories above it: what its turns have
 * changed, and once it has ended what was found to be different.
 */
export function changedPaths(
  turnDiffs: readonly string[],
  { session, outcome }: Pick<RunView, 'session' | 'outcome'>,
): ReadonlySet<string> {
  const root = session ? `${session.workspace.path}/` : '';
  const told = turnDiffs.flatMap((diff) => filesOfDiff(diff).map(({ path }) => path));
  const found = outcome?.workspace?.changes.map(({ path }) => path) ?? [];
  const changed = new Set<string>();
  for (const path of [...told, ...found]) {
    const inside = root !== '' && path.startsWith(root) ? path.slice(root.length) : path;
    for (let at = inside.length; at > 0; at = inside.lastIndexOf('/', at - 1)) changed.add(inside.slice(0, at));
  }
  return changed;
}
