import { type NewSeed, newSeedSchema } from '../contract/seed.ts';
import { OptioError } from '../errors.ts';
import { type AuthFacts, authOfKey, readAuth } from './auth-file.ts';
import { AUTH_FILE, CODEX_SEED_MANIFEST, CONFIG_FILE, type SeedFiles, takeFiles } from './manifest.ts';
import { checkSeedConfig } from './seed-config.ts';

/** What is saved of a new seed. */
interface CheckedSeed extends Pick<NewSeed, 'id' | 'pool'> {
  readonly files: SeedFiles;
  readonly facts: AuthFacts;
  /** What was kept of the configuration that was given; undefined where none was, and so that of before stays. */
  readonly config: string | undefined;
}

/** Throws `invalid-input`, without a word of the login. */
export function checkNewSeed(seed: NewSeed): CheckedSeed {
  const issue = newSeedSchema.safeParse(seed).error?.issues[0];
  if (issue) throw refused(issue.path.join('.') || 'seed', issue.message, 'Correct it as the message says.');
  const { id, pool, auth, apiKey, config } = seed;
  if ((auth === undefined) === (apiKey === undefined)) {
    throw refused('auth', 'a seed is made of an auth.json or of a key', 'Give one of auth and apiKey.');
  }
  const content = auth ?? authOfKey(apiKey ?? '');
  const kept = config === undefined ? undefined : checkSeedConfig({ config }).content;
  const files = takeFiles({ [AUTH_FILE]: content, ...(kept && { [CONFIG_FILE]: kept }) }, CODEX_SEED_MANIFEST);
  const read = readAuth(content);
  if (!read.isWhole)
    throw refused('auth', read.why, 'Log in with `codex login`, and give the auth.json that it has written.');
  return { id, ...(pool !== undefined && { pool }), files, facts: read.facts, config: kept };
}

function refused(field: string, message: string, remedy: string): OptioError {
  return new OptioError('invalid-input', `${field}: ${message}`, { field, remedy });
}
