import type { WorkspaceEntry } from '../../../src/contract/workspace-file.ts';
import { OptioError } from '../../../src/errors.ts';
import { api } from '../live/api.ts';

/** A file of the workspace that somebody wants to see; another object each time that he says so. */
export interface WantedFile {
  /** From the workspace on. */
  readonly path: string;
}

/** The entry of this path. Throws `not-found` where there is none, any more or at all. */
export async function entryOf(runId: string, path: string): Promise<WorkspaceEntry> {
  const cut = path.lastIndexOf('/');
  const listing = await (await api.find(runId)).listFiles(cut < 0 ? undefined : path.slice(0, cut));
  const name = path.slice(cut + 1);
  const entry = listing.entries.find((one) => one.name === name);
  if (entry) return entry;
  if (listing.isPartial) return unlisted(runId, path, name);
  throw new OptioError('not-found', `there is no ${path} in the workspace`, {
    remedy: 'It may have been moved or removed since.',
  });
}

/** A file of a directory with more of them than are listed. */
async function unlisted(runId: string, path: string, name: string): Promise<WorkspaceEntry> {
  const file = await (await api.find(runId)).openFile(path);
  await file.close();
  return { name, path, kind: 'file', size: file.size, modifiedAt: '' };
}

/** The directories in which it lies, from the outermost one on. */
export function directoriesOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'));
}
