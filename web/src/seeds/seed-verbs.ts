import type { SeedVerification, VerifySeed } from '../../../src/contract/seed.ts';
import { api } from '../live/api.ts';

/** Until the client has it. */
export const seedVerbs = api as unknown as {
  verifySeed(seedId: string, options?: VerifySeed): Promise<SeedVerification>;
};
