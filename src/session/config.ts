import { isAbsolute } from 'node:path';
import type { z } from 'zod';
import { type EndRule, type RunSpec, runSpecSchema } from '../contract/run-spec.ts';
import { OptioError } from '../errors.ts';

/** Chooses the saved login of a run; gives its id, at once or later. What it throws makes the run fail. */
export type SeedProvider = (holder: string, run: SeedRequest) => string | Promise<string>;

/** For what a login is chosen. */
export interface SeedRequest {
  readonly runId: string;
  readonly taskId: string;
  readonly attempt: number;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
}

/** A newer content of a saved login, which a run has had. */
export interface SavedLogin {
  readonly runId: string;
  readonly seedId: string;
  readonly version: number;
}

/** What a Codex task is made of: a `RunSpec`, and functions where a program makes it. */
export interface CodexTaskConfig extends Omit<RunSpec, 'seedId'> {
  /** The saved login that it is to have, or what chooses one. */
  readonly seedId?: string | SeedProvider | undefined;
  /** Told when its Codex has renewed the login that lies in its home, and that is saved. Nobody waits for it. */
  readonly onSeedSaved?: ((saved: SavedLogin) => unknown) | undefined;
}

/** The configuration with its defaults, checked. */
export interface SessionConfig extends CodexTaskConfig {
  readonly autoStart: boolean;
  readonly endRule: EndRule;
  readonly sandbox: NonNullable<RunSpec['sandbox']>;
  readonly isolation: NonNullable<RunSpec['isolation']>;
  readonly networkAccess: boolean | string[];
  readonly permissionGate: boolean;
  readonly approvalPolicy: NonNullable<RunSpec['approvalPolicy']>;
}

/** Variables that are ours to set: with another value the run would not be private, or would not be found again. */
const RESERVED = /^(HOME|CODEX_.*|OPTIO_CODEX_.*|XDG_.*|LD_.*|BASH_ENV|ENV)$/;
const HOST = /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/** The part of a configuration that is plain data. */
export function specOf({ onSeedSaved: _, seedId, ...spec }: CodexTaskConfig): RunSpec {
  return typeof seedId === 'function' || seedId === undefined ? spec : { ...spec, seedId };
}

type Problem = readonly [field: keyof RunSpec, message: string, remedy: string];

/** Checks a configuration as a whole. Throws `invalid-config` that names the field and says what to do. */
export function checkConfig(config: CodexTaskConfig): SessionConfig {
  const { seedId, onSeedSaved } = config;
  const parsed = runSpecSchema.safeParse(specOf(config));
  if (!parsed.success) throw fromZod(parsed.error);
  const spec = parsed.data;
  const problem = findProblem(spec) ?? loginProblem(spec, seedId !== undefined);
  if (problem) throw invalid(...problem);
  return {
    ...spec,
    ...(seedId !== undefined && { seedId }),
    ...(onSeedSaved && { onSeedSaved }),
    autoStart: spec.autoStart ?? false,
    endRule: spec.endRule ?? 'told',
    sandbox: spec.sandbox ?? 'workspace-write',
    isolation: spec.isolation ?? 'standard',
    networkAccess: spec.networkAccess ?? false,
    permissionGate: spec.permissionGate ?? false,
    approvalPolicy: spec.approvalPolicy ?? (spec.permissionGate ? 'on-request' : 'never'),
  };
}

function findProblem(spec: RunSpec): Problem | undefined {
  return (
    startProblem(spec) ??
    accessProblem(spec) ??
    fullAccessProblem(spec) ??
    environmentProblem(spec) ??
    modelProblem(spec)
  );
}

function startProblem(spec: RunSpec): Problem | undefined {
  if (spec.mode && spec.mode !== 'conversation') {
    return ['mode', 'a terminal on the live thread is not there yet', 'Leave it out, or say "conversation".'];
  }
  if (spec.autoStart && spec.instructions.trim() === '') {
    return ['instructions', 'there is nothing to start with', 'Say what to do, or set autoStart to false.'];
  }
  if (spec.endRule === 'firstTurn' && !spec.autoStart) {
    return ['endRule', 'the first turn never comes by itself', 'Set autoStart to true.'];
  }
  for (const field of ['images', 'outputSchema'] as const) {
    if (spec[field] && !spec.autoStart) return [field, 'it goes with the first message', 'Set autoStart to true.'];
  }
  return undefined;
}

function accessProblem(spec: RunSpec): Problem | undefined {
  const asks = spec.approvalPolicy && spec.approvalPolicy !== 'never';
  if (asks && !spec.permissionGate) {
    return ['approvalPolicy', `"${spec.approvalPolicy}" asks, and nobody is there`, 'Set permissionGate to true.'];
  }
  for (const { path, mode } of spec.allowedDirs ?? []) {
    if (!isAbsolute(path) && !path.startsWith('~/')) {
      return ['allowedDirs', `${path} is not absolute`, 'Start it with / or ~/.'];
    }
    if (mode.startsWith('rw') && spec.sandbox === 'read-only') {
      return [
        'allowedDirs',
        `${path} cannot be written under the sandbox "read-only"`,
        'Make it "ro", or choose workspace-write.',
      ];
    }
  }
  for (const path of spec.deniedPaths ?? []) {
    if (!isAbsolute(path) && !path.startsWith('~/'))
      return ['deniedPaths', `${path} is not absolute`, 'Start it with / or ~/.'];
  }
  if (!Array.isArray(spec.networkAccess)) return undefined;
  if (spec.networkAccess.length === 0) return ['networkAccess', 'the list names no host', 'Say false for no network.'];
  const bad = spec.networkAccess.find((host) => !HOST.test(host));
  return bad === undefined
    ? undefined
    : ['networkAccess', `"${bad}" is not a valid host name`, 'Name hosts only: example.org, *.example.org.'];
}

/** Full access means that nothing is confined; what asks for it and for limits at once has not been thought through. */
function fullAccessProblem(spec: RunSpec): Problem | undefined {
  if (spec.sandbox !== 'danger-full-access') {
    return spec.exposeLogin ? ['exposeLogin', 'nothing is exposed by this sandbox', 'Leave it out.'] : undefined;
  }
  const remedy = 'Leave it out, or choose workspace-write.';
  if (spec.isolation === 'strict') return ['isolation', 'full access is never strict', remedy];
  if (Array.isArray(spec.networkAccess))
    return ['networkAccess', 'full access cannot be kept to a list of hosts', remedy];
  if (spec.networkAccess === false) return ['networkAccess', 'full access has the network', remedy];
  if (spec.allowedDirs?.length) return ['allowedDirs', 'full access has every directory', remedy];
  if (spec.deniedPaths?.length) return ['deniedPaths', 'full access cannot be denied anything', remedy];
  return undefined;
}

function environmentProblem(spec: RunSpec): Problem | undefined {
  for (const name of Object.keys(spec.env ?? {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      return ['env', `"${name}" is not a valid name of a variable`, 'Use letters, digits and _.'];
    if (RESERVED.test(name)) return ['env', `${name} is ours to set`, 'Choose another name.'];
  }
  return undefined;
}

function modelProblem(spec: RunSpec): Problem | undefined {
  if (!spec.provider || spec.model || spec.useConfig?.includes('model')) return undefined;
  return [
    'model',
    `the provider ${spec.provider.baseUrl} does not choose a model by itself`,
    'Name one of its models.',
  ];
}

function loginProblem(spec: RunSpec, hasSeed: boolean): Problem | undefined {
  const isLent = hasSeed || spec.seedPool !== undefined;
  if (hasSeed && spec.seedPool !== undefined) {
    return ['seedPool', 'a seed is named already', 'Say one of them, and the other in seedFallback.'];
  }
  for (const field of ['seedFallback', 'whenNoSeed', 'seedMode'] as const) {
    if (spec[field] !== undefined && !isLent) return [field, 'no saved login is asked for', 'Say seedId or seedPool.'];
  }
  if (isLent && spec.provider) {
    return ['provider', 'a saved login is one of OpenAI', 'Leave the provider out, or the seed.'];
  }
  return undefined;
}

function fromZod(error: z.ZodError): OptioError {
  const [issue] = error.issues;
  const field = issue?.path.join('.') || 'config';
  return invalid(field, issue?.message ?? 'it is not a valid configuration', 'Correct it as the message says.');
}

function invalid(field: string, message: string, remedy: string): OptioError {
  return new OptioError('invalid-config', `${field}: ${message}`, { field, remedy });
}
