import type { z } from 'zod';
import type { runOptionsSchema, taskRulesSchema } from './launch-options.ts';
import type { RequestPolicy } from './rule.ts';
import type { ProviderSpec, RunSpec } from './run-spec.ts';
import type { TaskDefinition } from './task-definition.ts';

/** A part of a definition that runs a program outside of the sandbox, lifts it, or sends out what is the server's. Takes an admin. */
export interface Unconfined {
  /** In words, with the name of the field. */
  readonly what: string;
  /** Whoever talks with such a run has the use of it: a message to one with full access is a command without a sandbox. */
  readonly isDriven: boolean;
}

/** What each field may be: within the sandbox whatever it holds, or as this says. A field that is new has to be rated. */
type Rated<T> = {
  readonly [F in keyof T]-?: 'confined' | ((value: NonNullable<T[F]>) => readonly Unconfined[]);
};

const driven = (what: string): readonly Unconfined[] => [{ what, isDriven: true }];
const begun = (what: string): readonly Unconfined[] => [{ what, isDriven: false }];

const PROVIDER: Rated<ProviderSpec> = {
  baseUrl: 'confined',
  keyVariable: () => begun("a variable of the server's environment (provider.keyVariable)"),
  name: 'confined',
  contextWindow: 'confined',
  silenceMs: 'confined',
  models: 'confined',
};

const SPEC: Rated<RunSpec> = {
  instructions: 'confined',
  autoStart: 'confined',
  images: 'confined',
  outputSchema: 'confined',
  endRule: 'confined',
  workspace: 'confined',
  model: 'confined',
  reasoningEffort: 'confined',
  sandbox: (mode) => (mode === 'danger-full-access' ? driven('full access (sandbox)') : []),
  isolation: 'confined',
  networkAccess: 'confined',
  allowedDirs: 'confined',
  deniedPaths: 'confined',
  permissionGate: 'confined',
  approvalPolicy: 'confined',
  env: 'confined',
  scrubEnv: 'confined',
  provider: (provider) => rate(PROVIDER, provider),
  seedId: 'confined',
  seedPool: 'confined',
  seedFallback: 'confined',
  whenNoSeed: 'confined',
  seedMode: 'confined',
  useConfig: (parts) =>
    parts.some((part) => part.startsWith('mcp:')) ? driven('MCP servers of your own (useConfig)') : [],
  exposeLogin: (isWanted) => (isWanted ? driven('showing the login to the agent (exposeLogin)') : []),
  codexBinary: () => driven('another program in the place of codex (codexBinary)'),
  deadlines: 'confined',
  mode: 'confined',
};

const REQUESTS: Rated<RequestPolicy> = {
  expireAfterMs: 'confined',
  onExpiry: 'confined',
  webhook: 'confined',
  notify: () => begun('a command that is run for each request (requests.notify)'),
};

const RULES: Rated<z.output<typeof taskRulesSchema>> = {
  rules: 'confined',
  requests: (requests) => rate(REQUESTS, requests),
  retry: 'confined',
  ttlMs: 'confined',
};

const OPTIONS: Rated<z.output<typeof runOptionsSchema>> = {
  ...RULES,
  name: 'confined',
  params: 'confined',
  metadata: 'confined',
  budget: 'confined',
  priority: 'confined',
  notBefore: 'confined',
  whenFull: 'confined',
};

const DEFINITION: Rated<TaskDefinition> = {
  ...RULES,
  id: 'confined',
  name: 'confined',
  description: 'confined',
  metadata: 'confined',
  config: (spec) => rate(SPEC, spec),
  params: 'confined',
  schedule: 'confined',
  budget: 'confined',
  maxRunning: 'confined',
};

/** What of a run that somebody describes is not confined. */
export function unconfinedInRun(spec: RunSpec, options: z.output<typeof runOptionsSchema>): readonly Unconfined[] {
  return [...rate(SPEC, spec), ...rate(OPTIONS, options)];
}

/** What of a task as plain data is not confined; nothing of one that only a program can bring (null). */
export function unconfinedInTask(definition: TaskDefinition | null): readonly Unconfined[] {
  return definition === null ? [] : rate(DEFINITION, definition);
}

/** A field that nobody has rated (of a definition that a newer version has written) is not confined. */
function rate<T extends object>(table: Rated<T>, value: T): readonly Unconfined[] {
  const unknown = (field: string) => () => driven(`what this version does not know (${field})`);
  return (Object.keys(value) as (keyof T & string)[]).flatMap((field) => {
    const held = value[field];
    const rating = Object.hasOwn(table, field) ? table[field] : unknown(field);
    return rating === 'confined' || held === undefined || held === null ? [] : rating(held);
  });
}
