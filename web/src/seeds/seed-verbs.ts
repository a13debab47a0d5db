import type { SeedVerification, VerifySeed } from '../../../src/contract/seed.ts';
import type { NewSeedLogin, SeedLogin } from '../../../src/contract/seed-login.ts';
import { api } from '../live/api.ts';

/** Until the client has them. */
export interface SeedVerbs {
  verifySeed(seedId: string, options?: VerifySeed): Promise<SeedVerification>;
  startSeedLogin(login: NewSeedLogin): Promise<SeedLogin>;
  seedLogins(): Promise<SeedLogin[]>;
  seedLogin(id: string, options?: { seen?: SeedLogin['state'] }): Promise<SeedLogin>;
  cancelSeedLogin(id: string): Promise<SeedLogin>;
}

export const seedVerbs = api as unknown as SeedVerbs;
