import type { ChangedFile } from '../contract/outcome.ts';
import type { ListedFile } from '../hosts/host.ts';

/** A workspace at some time, as far as it was looked at. */
interface Look {
  readonly files: ReadonlyMap<string, Pick<ListedFile, 'fingerprint'>>;
  readonly isPartial: boolean;
}

/** The files that are not as they were, by path, as far as that is known for certain. */
export function changedFiles(before: Look, after: Look): ChangedFile[] {
  const changes: ChangedFile[] = [];
  for (const [path, { fingerprint }] of after.files) {
    const was = before.files.get(path)?.fingerprint;
    if (was === fingerprint || (was === undefined && before.isPartial)) continue;
    changes.push({ path, change: was === undefined ? 'added' : 'modified' });
  }
  for (const path of before.files.keys()) {
    if (!after.files.has(path) && !after.isPartial) changes.push({ path, change: 'deleted' });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}
