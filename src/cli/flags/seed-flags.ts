import type { Command } from 'commander';
import type { RunSpec } from '../../contract/run-spec.ts';

/** The flags that say which saved login a run has. */
export interface SeedFlags {
  readonly seed?: string;
  readonly pool?: string;
  readonly refuseWithoutSeed?: boolean;
  readonly seedFile?: boolean;
}

type SeedSpec = Pick<RunSpec, 'seedId' | 'seedPool' | 'seedFallback' | 'whenNoSeed' | 'seedMode'>;

/** Declares them. */
export function addSeedFlags(command: Command): Command {
  return command
    .optionsGroup('Which login:')
    .option('--seed <name>', 'this saved login (the login of your environment)')
    .option('--pool <name>', 'any saved login of this pool; with --seed, where that one is not free')
    .option('--refuse-without-seed', 'fail and say when a login may be free, and do not wait for one')
    .option('--seed-file', 'put the login into the home of Codex, and lend it to no other run');
}

/** What they say of a spec. */
export function toSeedSpec({ seed, pool, refuseWithoutSeed, seedFile }: SeedFlags): SeedSpec {
  return {
    ...(seed !== undefined && { seedId: seed }),
    ...(pool !== undefined && (seed === undefined ? { seedPool: pool } : { seedFallback: [{ pool }] })),
    ...(refuseWithoutSeed && { whenNoSeed: 'refuse' as const }),
    ...(seedFile && { seedMode: 'file' as const }),
  };
}

/** By which of them a field of the spec is said. */
export const SEED_FLAGS = {
  seedId: '--seed',
  seedPool: '--pool',
  seedFallback: '--pool',
  whenNoSeed: '--refuse-without-seed',
  seedMode: '--seed-file',
};
