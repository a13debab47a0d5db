import type { OptioApi } from '../../contract/api.ts';
import type { SeedSummary } from '../../contract/seed.ts';
import { fromUnknown, OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { printableName } from '../terminal/text.ts';

/** What is said where no login is saved. */
export const NO_SEEDS = `No login is saved yet. Log in: ${COMMAND} seed add NAME`;

/** Does something with a seed that somebody has named. Throws what that throws; where there is no such seed, the remedy lists them. */
export async function withNamedSeed<T>(api: OptioApi, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    const error = fromUnknown(thrown);
    if (error.code !== 'not-found' || !error.message.startsWith('there is no seed')) throw error;
    const seeds = await api.listSeeds().catch((): SeedSummary[] => []);
    const remedy = seeds.length > 0 ? `There are: ${seeds.map(({ id }) => printableName(id)).join(', ')}.` : NO_SEEDS;
    throw new OptioError(error.code, error.message, { ...error.details, cause: error, remedy });
  }
}
