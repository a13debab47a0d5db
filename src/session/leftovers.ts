import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sessionMark } from '../codex/launch.ts';
import { fromUnknown, type OptioError } from '../errors.ts';
import type { RunContext } from '../task/context.ts';
import { type Logins, NO_LOGINS } from '../task/logins.ts';
import { warnOfGivenUp } from './given-up.ts';
import { saveLeftLogin } from './planted-login.ts';
import { CODEX_HOME, commandHomeOf } from './prepared.ts';

type Place = Pick<RunContext, 'host' | 'runId' | 'directories'>;

/** Kills whatever belongs to a session, at once. Its directories stay. */
export async function killSession({ host, runId, directories }: Place): Promise<void> {
  const run = (await host.realPath(directories.run)) ?? directories.run;
  await host.sweep(sessionMark(runId, join(run, CODEX_HOME)));
}

/** Kills whatever is left of a session, and removes its private directories. Its workspace stays. */
export async function sweepSession(place: Place): Promise<void> {
  const { host, directories } = place;
  await killSession(place);
  await host.removeDirectory(commandHomeOf(place));
  await host.removeDirectory(directories.run);
}

export interface LeftoverOptions extends Pick<Place, 'host'> {
  readonly directories: Omit<Place['directories'], 'run'>;
  /** Where sessions have their private directories, each called as its run. */
  readonly runs: string;
  /** Somebody goes on with it, or is at work. */
  readonly isKept: (runId: string) => boolean;
  /** Where the login is saved that lies in one of them, and was not. */
  readonly loginsOf?: (runId: string) => Logins;
}

/** Its directory stays as long as a login in it is not saved. */
async function sweep(place: Place, logins: Logins): Promise<void> {
  await killSession(place);
  await saveLeftLogin(place.host, place.directories.run, logins, (error) => warnOfGivenUp(place.runId, error));
  await sweepSession(place);
}

/** Sweeps all sessions that nobody goes on with. What could not be removed is tried again the next time. */
export async function sweepLeftovers(options: LeftoverOptions): Promise<OptioError[]> {
  const { host, directories, runs, isKept, loginsOf } = options;
  const failures: OptioError[] = [];
  for (const runId of await readdir(runs).catch(() => [])) {
    if (isKept(runId)) continue;
    const place = { host, runId, directories: { ...directories, run: join(runs, runId) } };
    await sweep(place, loginsOf?.(runId) ?? NO_LOGINS).catch((thrown) => failures.push(fromUnknown(thrown)));
  }
  return failures;
}
