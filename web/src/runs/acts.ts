import { ENDED_STATES } from '../../../src/contract/outcome.ts';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { fromUnknown, type OptioError } from '../../../src/errors.ts';

/** How many runs are told at once. */
const AT_ONCE = 6;

const isUnderWay = ({ state }: RunSummary): boolean => !ENDED_STATES.includes(state);

/** It can be told to stop, and was not yet. */
export const isCancellable = (run: RunSummary): boolean => isUnderWay(run) && run.cancelReason === null;

/** It was paused, and can be told to go on. */
export const isResumable = (run: RunSummary): boolean => run.state === 'paused';

/** It has ended, so that it can be launched once more. */
export const isRetriable = (run: RunSummary): boolean => !isUnderWay(run);

/** What another run has begun goes with that one, into the archive as well as for good. */
export const isDeletable = (run: RunSummary): boolean => !isUnderWay(run) && run.parentId === null;

export const isArchivable = (run: RunSummary): boolean => isDeletable(run) && run.archivedAt === null;

export const isArchived = (run: RunSummary): boolean => run.parentId === null && run.archivedAt !== null;

export interface Failure {
  readonly id: string;
  readonly error: OptioError;
}

/**
 * Does something with each of these runs, a few at a time. What fails keeps nothing else from being done, and is returned; once
 * it was called off for one, nothing more is begun, and the rest has failed for that reason. `onDone` is called for each, also
 * where it has failed.
 */
export async function onEach(
  ids: readonly string[],
  act: (id: string) => Promise<unknown>,
  onDone: () => void = () => {},
): Promise<Failure[]> {
  const failures: Failure[] = [];
  const rest = ids.values();
  let calledOff: OptioError | undefined;
  const worker = async () => {
    for (const id of rest) {
      try {
        if (calledOff) throw calledOff;
        await act(id);
      } catch (thrown) {
        const error = fromUnknown(thrown);
        if (error.code === 'aborted') calledOff = error;
        failures.push({ id, error });
      }
      onDone();
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, worker));
  return failures;
}
