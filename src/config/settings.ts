import { z } from 'zod';

const path = z
  .string()
  .min(1)
  .refine((text) => text.startsWith('/'), { error: 'it is not an absolute path' });
const text = z.string().min(1);
const list = z.array(text);
const limit = z.number().int().nonnegative();

/** One thing that may be set. */
export interface Setting {
  readonly schema: z.ZodType;
  /** The variable of the environment that says it, where there is one. */
  readonly variable?: string;
  /** The flag that says it, and of which command, for people. */
  readonly flag?: string;
  /** What holds unless it is said, for people. */
  readonly fallback: string;
  /** What it is for, in a sentence. */
  readonly meaning: string;
}

/**
 * All there is to set, by its name in the file. A flag (or an option of a program) comes before the environment, that before the
 * file, and that before what holds by itself. docs/cli.md has this table; a test holds the two together.
 */
export const SETTINGS = {
  dataDir: {
    schema: path,
    variable: 'OPTIO_CODEX_HOME',
    fallback: '`$XDG_DATA_HOME/optio-codex`, else `~/.local/share/optio-codex`',
    meaning: 'Everything of ours that no command may read: the store, private homes, tokens, logs.',
  },
  workspacesDir: {
    schema: path,
    variable: 'OPTIO_CODEX_WORKSPACES',
    fallback: 'the data directory with `-workspaces` behind it',
    meaning: 'Where fresh workspaces and worktrees are made.',
  },
  traceFile: {
    schema: path,
    variable: 'OPTIO_CODEX_TRACE',
    fallback: 'none',
    meaning: 'A file that every message between us and codex is written to, logins left out.',
  },
  'server.url': {
    schema: z.url({ protocol: /^https?$/, error: 'it is not an address such as https://host/codex' }),
    variable: 'OPTIO_CODEX_SERVER',
    fallback: 'the server of the data directory, which is started when none runs',
    meaning: 'The server that commands talk to, where it is another one.',
  },
  'server.tokenFile': {
    schema: path,
    variable: 'OPTIO_CODEX_TOKEN_FILE',
    fallback: 'none',
    meaning:
      'A file with the token for that server. `OPTIO_CODEX_TOKEN` may hold the token itself. One of them has to be named.',
  },
  'server.host': {
    schema: text,
    variable: 'OPTIO_CODEX_HOST',
    flag: '`serve --host`',
    fallback: '`127.0.0.1`',
    meaning: 'The loopback address that the server listens on. For others there is a reverse proxy.',
  },
  'server.port': {
    schema: z.number().int().min(0).max(65_535),
    variable: 'OPTIO_CODEX_PORT',
    flag: '`serve --port`',
    fallback: '7420, or any free one when that is taken',
    meaning: 'The port that the server listens on; 0 takes any free one.',
  },
  'server.socket': {
    schema: path,
    variable: 'OPTIO_CODEX_SOCKET',
    flag: '`serve --socket`',
    fallback: 'none: it listens on a port',
    meaning: 'A unix socket that the server listens on in the place of a port.',
  },
  'server.basePath': {
    schema: z.string().regex(/^(\/[\w.~-]+)+$/, { error: 'it has to be like /codex' }),
    variable: 'OPTIO_CODEX_BASE_PATH',
    flag: '`serve --base-path`',
    fallback: 'none',
    meaning: 'Where everything lies behind a reverse proxy, such as `/codex`.',
  },
  'server.allowedHosts': {
    schema: list,
    variable: 'OPTIO_CODEX_ALLOWED_HOSTS',
    flag: '`serve --allow-host`',
    fallback: 'the names of this machine for itself',
    meaning: 'More names by which the server may be called; those of a reverse proxy.',
  },
  'server.trustProxy': {
    schema: z.boolean(),
    variable: 'OPTIO_CODEX_TRUST_PROXY',
    flag: '`serve --trust-proxy`',
    fallback: 'false',
    meaning: 'Whether `X-Forwarded-For`, `-Proto` and `-Host` are believed. Only behind a proxy that sets them.',
  },
  'server.idleMs': {
    schema: z
      .number()
      .int()
      .nonnegative()
      .max(2 ** 31 - 1),
    variable: 'OPTIO_CODEX_IDLE_MS',
    fallback: '600000',
    meaning:
      'After how long without a run, a schedule and a caller a server ends that was started in the background, in milliseconds; 0: never.',
  },
  'log.level': {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    variable: 'OPTIO_CODEX_LOG_LEVEL',
    flag: '`serve --log-level`',
    fallback: '`info`; `warn` for a server that a person starts at a terminal',
    meaning: 'What the server writes into its log.',
  },
  'limits.total': {
    schema: limit,
    fallback: 'as many as there are',
    meaning: 'How many runs may be under way at a time.',
  },
  'limits.perHost': { schema: limit, fallback: 'the same', meaning: 'How many on one host.' },
  'limits.byTag': {
    schema: z.record(z.string(), limit),
    fallback: 'the same',
    meaning: 'How many with the same value of a tag: `byTag = { team = 2 }`.',
  },
  'seeds.keep': {
    schema: z.boolean(),
    variable: 'OPTIO_CODEX_KEEP_SEEDS',
    fallback: 'true',
    meaning: 'Whether the provider is asked now and then how the saved logins are that nobody uses.',
  },
  'run.model': { schema: text, flag: '`run --model`', fallback: 'what Codex takes', meaning: 'The model of `run`.' },
  'run.effort': {
    schema: text,
    flag: '`run --effort`',
    fallback: 'what Codex takes',
    meaning: 'How hard it thinks.',
  },
  'run.sandbox': {
    schema: z.enum(['read-only', 'workspace-write']),
    flag: '`run --sandbox`',
    fallback: '`workspace-write`',
    meaning: 'How the commands of `run` are confined. Full access is to be said each time.',
  },
  'run.approve': {
    schema: z.enum(['untrusted', 'on-request', 'never']),
    flag: '`run --approve`',
    fallback: '`on-request`',
    meaning: 'When `run` asks.',
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
export type Settings = { readonly [Name in SettingName]?: z.output<(typeof SETTINGS)[Name]['schema']> };
