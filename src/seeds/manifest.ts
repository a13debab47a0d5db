import { MAX_SEED_FILE_BYTES } from '../contract/seed.ts';
import { OptioError } from '../errors.ts';

/** Which files of a CODEX_HOME belong to a seed. Nothing else of it ever does: no session, no log, no cache. */
export interface SeedManifest {
  readonly version: 1;
  readonly files: readonly SeedFile[];
}

interface SeedFile {
  /** From CODEX_HOME on. */
  readonly path: string;
  readonly maxBytes: number;
}

/** The contents of the files of a seed, by their paths. */
export type SeedFiles = Readonly<Record<string, string>>;

export const AUTH_FILE = 'auth.json';
export const CONFIG_FILE = 'config.toml';

const auth = { path: AUTH_FILE, maxBytes: MAX_SEED_FILE_BYTES } as const;
const config = { path: CONFIG_FILE, maxBytes: MAX_SEED_FILE_BYTES } as const;

/** What a seed is made of: the login, and the harmless part of its configuration. */
export const CODEX_SEED_MANIFEST: SeedManifest = { version: 1, files: [auth, config] };
/** What a run may save of it: the login only, since it could have written anything into the other. */
export const CODEX_CRED_MANIFEST: SeedManifest = { version: 1, files: [auth] };

/** The part of some files that a manifest names. Throws `invalid-input` for one that is too large. */
export function takeFiles(files: SeedFiles, manifest: SeedManifest): SeedFiles {
  const taken: Record<string, string> = {};
  for (const { path, maxBytes } of manifest.files) {
    const content = Object.hasOwn(files, path) ? files[path] : undefined;
    if (content === undefined) continue;
    if (Buffer.byteLength(content) > maxBytes) {
      throw new OptioError('invalid-input', `${path}: it is larger than ${maxBytes} bytes, and no login is`, {
        field: path,
        remedy: 'Give the file that `codex login` has written.',
      });
    }
    taken[path] = content;
  }
  return taken;
}
