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
  const entry = listing.entries.find(({ name }) => name === path.slice(cut + 1));
  if (entry) return entry;
  throw new OptioError('not-found', `there is no ${path} in the workspace`, {
    remedy: 'It may have been moved or removed since.',
  });
}
