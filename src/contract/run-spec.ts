import { z } from 'zod';
import { byName } from './by-name.ts';
import { seedNameSchema } from './seed-name.ts';

/** Timers of Node's cannot wait longer, in milliseconds: 24 days. */
export const MAX_WAIT_MS = 2 ** 31 - 1;

/** A time that a timer of ours waits, in milliseconds: one that is longer would be over at once. */
export const waitSchema = z.number().int().positive().max(MAX_WAIT_MS);

const sandboxModeSchema = z.enum(['read-only', 'workspace-write', 'danger-full-access']);
export type SandboxMode = z.infer<typeof sandboxModeSchema>;

const approvalPolicySchema = z.enum(['untrusted', 'on-request', 'never']);

/** Where Codex works. */
const workspaceSpecSchema = z.union(
  [
    /** A directory that is there already. It is never removed. `shared`: although another run works there too. */
    z.strictObject({ directory: z.string().min(1), shared: z.boolean().optional() }),
    /** A new directory for this run, with these files in it. It stays after the run. */
    z.strictObject({ fresh: z.literal(true), files: byName(z.string()).optional() }),
    /** A git worktree of the repository at this directory; the work ends as a commit on a branch of its own. */
    z.strictObject({ worktree: z.string().min(1) }),
  ],
  { error: 'say { directory, shared? }, { fresh: true, files? } or { worktree }, and nothing else' },
);
export type WorkspaceSpec = z.infer<typeof workspaceSpecSchema>;

/** A directory besides the workspace. `ro` and `rox` may be read, `rw` and `rwx` written too. */
const allowedDirSchema = z.strictObject({ path: z.string().min(1), mode: z.enum(['ro', 'rw', 'rox', 'rwx']) });
export type AllowedDir = z.infer<typeof allowedDirSchema>;

/** A model that Codex does not know by itself. */
const modelSpecSchema = z.strictObject({
  id: z.string().min(1),
  name: z.string().optional(),
  /** In tokens. */
  contextWindow: z.number().int().positive().optional(),
  /** The efforts that it takes; none unless given. */
  efforts: z.array(z.string().min(1)).optional(),
  takesImages: z.boolean().optional(),
});
export type ModelSpec = z.infer<typeof modelSpecSchema>;

/** A model provider other than OpenAI: anything that speaks the Responses API, a server on this machine too. */
const providerSpecSchema = z.strictObject({
  /** Where it answers, for example `http://127.0.0.1:11434/v1`. */
  baseUrl: z.url({ protocol: /^https?$/, error: 'it is not a valid address, such as http://127.0.0.1:11434/v1' }),
  /** The name of the variable in OUR environment that holds its key; none when it wants no key. */
  keyVariable: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'it is not a valid name of a variable' })
    .optional(),
  /** How it is called in messages. */
  name: z.string().optional(),
  /** The context window of the model, in tokens: Codex assumes a large one for a model that it does not know. */
  contextWindow: z.number().int().positive().optional(),
  /** How long it may say nothing before Codex asks it again, in milliseconds (300,000). */
  silenceMs: waitSchema.optional(),
  /** The models it serves, for choosing; without them any model is taken by name. */
  models: z.array(modelSpecSchema).optional(),
});
export type ProviderSpec = z.infer<typeof providerSpecSchema>;

/** What of the user's own config.toml a run takes over: `model`, `effort`, or `mcp:NAME`. */
const useConfigSchema = z.array(
  z.string().regex(/^(model|effort|mcp:.+)$/, { error: 'it has to be model, effort or mcp:NAME' }),
);

export const deadlinesSchema = z.strictObject({
  /** How long Codex may go on asking the model again without success, in milliseconds (300,000). */
  retryMs: waitSchema.optional(),
  /** How often Codex is asked for a sign of life, in milliseconds (10,000); it is told when it gave none until the next. */
  pingMs: waitSchema.optional(),
  /** How long it may give none, in milliseconds (600,000); then it is stopped, as if it had died. */
  answerMs: waitSchema.optional(),
});

/** A saved login, or any of a pool. */
const seedChoiceSchema = z.union([z.strictObject({ seed: seedNameSchema }), z.strictObject({ pool: seedNameSchema })], {
  error: 'say { seed } or { pool }',
});

const modeSchema = z.enum(['conversation', 'terminal', 'iframe']);
export type ConversationMode = z.infer<typeof modeSchema>;

const endRuleSchema = z.union(
  [
    /** After its first turn, or when somebody says so. */
    z.enum(['firstTurn', 'told']),
    /** When somebody says so, and at the latest so many milliseconds after it was under way for the first time. */
    z.strictObject({ afterMs: waitSchema }),
  ],
  { error: 'say "firstTurn", "told" or { afterMs }' },
);
export type EndRule = z.infer<typeof endRuleSchema>;

/** What a run is to do, where, and within which limits. Plain JSON. */
export const runSpecSchema = z.strictObject({
  /**
   * The task, in words. With `autoStart` it is the first message; without, it stands ahead of every message. `{{name}}`
   * in it becomes what the launch gives as `params.name`.
   */
  instructions: z.string(),
  /** Begin by itself (false): otherwise Codex waits for a message. */
  autoStart: z.boolean().optional(),
  /**
   * Pictures to go with the first message, PNG, JPEG, GIF or WebP, at most ten of at most 10 MiB each: files of the workspace,
   * from there on, or any file on the host by its absolute path, over no link.
   */
  images: z.array(z.string()).optional(),
  /** A JSON schema that the answer to the first message has to follow. */
  outputSchema: byName(z.unknown()).optional(),
  /** When the run is over (`told`, unless given). */
  endRule: endRuleSchema.optional(),
  workspace: workspaceSpecSchema,
  model: z.string().min(1).optional(),
  reasoningEffort: z.string().min(1).optional(),
  /** How commands are confined (`workspace-write`). Full access is refused for a run that holds a login. */
  sandbox: sandboxModeSchema.optional(),
  /** `strict`: only the system, the workspace and the listed directories exist for commands (`standard`). */
  isolation: z.enum(['standard', 'strict']).optional(),
  /** The network for commands: none (`false`), all of it, or these hosts only; `*.example.org` for subdomains. */
  networkAccess: z.union([z.boolean(), z.array(z.string())]).optional(),
  allowedDirs: z.array(allowedDirSchema).optional(),
  /** More paths that no command may read; logins and keys are denied anyway. */
  deniedPaths: z.array(z.string().min(1)).optional(),
  /** Whether somebody is there to approve (false). */
  permissionGate: z.boolean().optional(),
  /** When Codex asks (`on-request` with a gate, `never` without). */
  approvalPolicy: approvalPolicySchema.optional(),
  /** More variables for commands, and for nothing else: neither Codex itself nor an MCP server gets them. */
  env: byName(z.string()).optional(),
  /** Patterns of variables that neither Codex nor its commands get; `*` stands for any characters. */
  scrubEnv: z.array(z.string()).optional(),
  provider: providerSpecSchema.optional(),
  /** The saved login that it is to have (what is found in the environment). */
  seedId: seedNameSchema.optional(),
  /** Any saved login of this pool: the one that is healthy, open and used least. */
  seedPool: seedNameSchema.optional(),
  /** Where those have none that is free: other seeds and pools, in this order. */
  seedFallback: z.array(seedChoiceSchema).min(1).max(20).optional(),
  /** What becomes of it where none is free: it waits, or it fails and says when one may be (`wait`). */
  whenNoSeed: z.enum(['wait', 'refuse']).optional(),
  /** How it gets a ChatGPT login: short-lived tokens, or the login without its refresh token in a file (`broker`, where that can be). */
  seedMode: z.enum(['broker', 'file']).optional(),
  useConfig: useConfigSchema.optional(),
  /** Insist on full access for a run that holds a login, or where logins are saved: the agent can read them then. */
  exposeLogin: z.boolean().optional(),
  /** Another codex binary than the pinned one. */
  codexBinary: z.string().min(1).optional(),
  /** After how long the run gives something up. */
  deadlines: deadlinesSchema.optional(),
  /** How one watches the run. `iframe` is the original's word for `terminal`. */
  mode: modeSchema.optional(),
});
export type RunSpec = z.infer<typeof runSpecSchema>;
