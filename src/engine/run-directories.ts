import { join } from 'node:path';
import { keptDirectory } from '../changes/end.ts';
import type { RunDirectories } from '../task/context.ts';

/** Where a run keeps its things. */
export function directoriesOf(place: Pick<RunDirectories, 'data' | 'workspaces'>, runId: string): RunDirectories {
  return { ...place, run: join(place.data, 'runs', runId), kept: keptDirectory(place.data, runId) };
}
