import type { RunOptions } from '../../../src/contract/api.ts';
import type { RunSpec, SandboxMode } from '../../../src/contract/run-spec.ts';

/** A run as one types it. Numbers are texts here, since a field may hold anything while somebody types. */
export interface Draft {
  readonly prompt: string;
  readonly workspace: 'fresh' | 'directory' | 'worktree';
  readonly directory: string;
  readonly isShared: boolean;
  readonly model: string;
  readonly effort: string;
  /** Who serves the model: OpenAI, or whoever answers at `providerUrl`. */
  readonly provider: 'openai' | 'other';
  readonly providerUrl: string;
  readonly providerKey: string;
  readonly contextWindow: string;
  /** What Codex uses OpenAI with: what is found in the environment of the server, a seed, or any of a pool. */
  readonly login: 'environment' | 'seed' | 'pool';
  readonly seed: string;
  readonly pool: string;
  readonly whenNoSeed: 'wait' | 'refuse';
  /** Other seeds, and pools as `pool:NAME`, with spaces or commas between. */
  readonly seedFallback: string;
  readonly seedMode: 'broker' | 'file';
  readonly sandbox: SandboxMode;
  /** Full access, although the run holds a login that the agent can read then. */
  readonly exposesLogin: boolean;
  readonly isolation: 'standard' | 'strict';
  readonly network: 'off' | 'hosts' | 'all';
  /** One a line, or with commas or spaces between. */
  readonly hosts: string;
  readonly approvals: 'on-request' | 'untrusted' | 'never';
  readonly begin: 'now' | 'later' | 'repeatedly';
  /** A time of this browser's clock, as its field gives it: `2026-03-02T06:00`. */
  readonly beginAt: string;
  readonly cron: string;
  readonly turns: string;
  readonly tokens: string;
  readonly minutes: string;
  readonly onReached: 'pause' | 'fail';
  readonly end: 'told' | 'firstTurn' | 'after';
  readonly endMinutes: string;
  readonly name: string;
  readonly priority: string;
  /** `NAME=VALUE`, one a line; the same for variables. */
  readonly tags: string;
  readonly env: string;
  /** What the prompt's places are filled with, by their names. */
  readonly params: Readonly<Record<string, string>>;
  /** What was taken over from another run, and has no field here. */
  readonly kept: {
    readonly spec: Partial<RunSpec>;
    readonly options: RunOptions;
  };
}

export const EMPTY_DRAFT: Draft = {
  prompt: '',
  workspace: 'fresh',
  directory: '',
  isShared: false,
  model: '',
  effort: '',
  provider: 'openai',
  providerUrl: '',
  providerKey: '',
  contextWindow: '',
  login: 'environment',
  seed: '',
  pool: '',
  whenNoSeed: 'wait',
  seedFallback: '',
  seedMode: 'broker',
  sandbox: 'workspace-write',
  exposesLogin: false,
  isolation: 'standard',
  network: 'off',
  hosts: '',
  approvals: 'on-request',
  begin: 'now',
  beginAt: '',
  cron: '',
  turns: '',
  tokens: '',
  minutes: '',
  onReached: 'pause',
  end: 'told',
  endMinutes: '',
  name: '',
  priority: '',
  tags: '',
  env: '',
  params: {},
  kept: { spec: {}, options: {} },
};

/** How a run ends unless one chooses: what nobody has launched would stay open for a message that nobody sends. */
export function usualEnd(begin: Draft['begin']): Draft['end'] {
  return begin === 'repeatedly' ? 'firstTurn' : 'told';
}

/** A field of the form, by which an error finds its place. */
export type DraftField = Exclude<keyof Draft, 'kept'>;
export type Problems = Partial<Record<DraftField | 'other', string>>;
