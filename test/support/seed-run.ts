import type { Issued } from '../fakes/identity/lineages.ts';
import { type StartedIdentity, startIdentity } from './identity.ts';
import { toAuthFile } from './identity-place.ts';
import { makePlace, type PlaceOptions, type RunPlace } from './run.ts';

/** An Optio that comes to a fake identity provider wherever it, or its Codex, would come to OpenAI. */
export interface SeededPlace extends RunPlace, Pick<StartedIdentity, 'identity'> {
  /** Saves a login that was made elsewhere. */
  addLogin(
    id: string,
    options?: { readonly pool?: string; readonly seconds?: number; readonly config?: string },
  ): Promise<Issued>;
  /** What the seed holds now: the newest refresh token of its login, or an older one. */
  holdsNewest(id: string, login: Issued): Promise<boolean>;
}

export async function makeSeededPlace(options: PlaceOptions = {}): Promise<SeededPlace> {
  const at = await startIdentity(options.script);
  const place = await makePlace({ ...options, env: { ...at.env, ...options.env } });
  const { identity, model } = at;
  return {
    ...place,
    model,
    identity,
    async addLogin(id, { seconds, ...more } = {}) {
      const before = identity.lineages.accessTokenSeconds;
      if (seconds !== undefined) identity.lineages.accessTokenSeconds = seconds;
      const login = identity.login();
      identity.lineages.accessTokenSeconds = before;
      await place.optio.addSeed({ id, auth: toAuthFile(login), ...more });
      return login;
    },
    async holdsNewest(id, { lineage }) {
      await using lease = await place.optio.seeds.lease({ of: { seed: id }, holder: 'test', inAnyState: true });
      const { files } = await place.optio.seeds.read(lease);
      return JSON.parse(files['auth.json'] ?? '{}').tokens?.refresh_token === identity.ledger.newestOf(lineage);
    },
  };
}
