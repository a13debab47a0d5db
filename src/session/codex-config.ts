import { stringify } from 'smol-toml';
import { SESSION_MARK } from '../codex/launch.ts';
import type { ModelSpec } from '../contract/run-spec.ts';
import type { Access } from './access.ts';
import type { SessionConfig } from './config.ts';

/** The permission profile of every managed run. */
export const LOCKED = 'locked';
/** Codex's own name for no confinement at all. */
export const FULL_ACCESS = ':danger-full-access';
/** Under this name a provider of the user's stands in the run's configuration. */
const PROVIDER = 'custom';
/** After which a thread that nobody watches is unloaded, its commands killed: Codex's minute is far too short. */
const UNLOAD_DELAY_SECONDS = 365 * 24 * 3600;
/** Variables that commands get of what codex has; `set` is filtered by this list too. */
const COMMAND_VARIABLES = [
  'PATH',
  'HOME',
  'LANG',
  'LC_*',
  'TERM',
  'TZ',
  'USER',
  'LOGNAME',
  'SHELL',
  'XDG_CACHE_HOME',
  'TMPDIR',
  SESSION_MARK,
];

export interface CodexConfigOptions {
  readonly config: SessionConfig;
  readonly access: Access;
  readonly workspace: string;
  /** The root of the repository around the workspace, when it is in one. */
  readonly gitRoot: string | undefined;
  /** HOME of the commands. */
  readonly commandHome: string;
  readonly session: string;
  /** Where codex itself lies; a strict sandbox has to let it in. */
  readonly packageDir: string;
  /** Whether codex is logged in, so that the provider gets the key. */
  readonly hasLogin: boolean;
  /** Where the model catalogue was written, when there is one. */
  readonly catalogue: string | undefined;
  /** Model, effort and MCP servers that were taken from the user's own configuration. */
  readonly adopted: Readonly<Record<string, unknown>>;
}

/** The whole config.toml of a run. Everything that confines it stands here, and nowhere else. */
export function writeCodexConfig(options: CodexConfigOptions): string {
  const { config, session, commandHome } = options;
  const domains = Array.isArray(config.networkAccess);
  const table = {
    ...options.adopted,
    ...(config.model && { model: config.model }),
    ...providerSettings(options),
    check_for_update_on_startup: false,
    // Logins live in the memory of the process and nowhere else.
    cli_auth_credentials_store: 'ephemeral',
    default_permissions: config.sandbox === 'danger-full-access' ? FULL_ACCESS : LOCKED,
    thread_unload_delay_secs: UNLOAD_DELAY_SECONDS,
    // We hand AGENTS.md over ourselves, after looking at what it is.
    project_doc_max_bytes: 0,
    // A login shell would read start-up files, and an accepted request would run what they hold.
    allow_login_shell: false,
    // What the provider searches for the model leaves this machine as surely as a command's request does.
    web_search: config.networkAccess === true && !config.provider ? 'live' : 'disabled',
    suppress_unstable_features_warning: true,
    analytics: { enabled: false },
    tools: { update_plan: { enabled: true } },
    // Codex's own skills are about changing Codex's home, which no command here can.
    skills: { bundled: { enabled: false } },
    features: {
      // A snapshot of the shell would carry our variables past the policy below.
      shell_snapshot: false,
      apps: false,
      plugins: false,
      default_mode_request_user_input: true,
      ...(domains && { network_proxy: true }),
    },
    shell_environment_policy: {
      inherit: 'core',
      include_only: [...COMMAND_VARIABLES, ...(domains ? PROXY_VARIABLES : []), ...Object.keys(config.env ?? {})],
      set: {
        ...config.env,
        HOME: commandHome,
        XDG_CACHE_HOME: `${commandHome}/.cache`,
        // /tmp is not there under strict isolation.
        ...(config.isolation === 'strict' && { TMPDIR: `${commandHome}/.tmp` }),
        [SESSION_MARK]: session,
      },
    },
    ...(config.sandbox !== 'danger-full-access' && { permissions: { [LOCKED]: lockedProfile(options) } }),
    projects: Object.fromEntries(
      [options.workspace, options.gitRoot]
        .filter((path) => path !== undefined)
        .map((path) => [path, { trust_level: 'untrusted' }]),
    ),
  };
  return stringify(table);
}

/** What Codex's own network proxy sets in a command. */
const PROXY_VARIABLES = ['*_PROXY', '*_proxy', 'NPM_CONFIG_*', 'CODEX_*'];

function lockedProfile({ config, access, packageDir }: CodexConfigOptions): Record<string, unknown> {
  const isReadOnly = config.sandbox === 'read-only';
  const strict = {
    ':minimal': 'read',
    [packageDir]: 'read',
    ':workspace_roots': { '.': isReadOnly ? 'read' : 'write' },
  };
  return {
    ...(config.isolation === 'standard' && { extends: isReadOnly ? ':read-only' : ':workspace' }),
    filesystem: {
      ...(config.isolation === 'strict' && strict),
      ...entries(access.readable, 'read'),
      ...entries(isReadOnly ? [] : access.writable, 'write'),
      // Without an explicit deny an accepted escalation would have no sandbox at all.
      ...entries(access.denied, 'deny'),
    },
    network: {
      enabled: config.networkAccess !== false,
      ...(Array.isArray(config.networkAccess) && { domains: entries(config.networkAccess, 'allow') }),
    },
  };
}

function providerSettings({ config, hasLogin, catalogue }: CodexConfigOptions): Record<string, unknown> {
  const { provider } = config;
  if (!provider) return {};
  return {
    model_provider: PROVIDER,
    ...(provider.contextWindow && { model_context_window: provider.contextWindow }),
    ...(catalogue && { model_catalog_json: catalogue }),
    model_providers: {
      [PROVIDER]: {
        name: provider.name ?? provider.baseUrl,
        base_url: provider.baseUrl,
        wire_api: 'responses',
        // This is how Codex hands the key it was logged in with to a provider of ours.
        requires_openai_auth: hasLogin,
        supports_websockets: false,
        ...(provider.silenceMs && { stream_idle_timeout_ms: provider.silenceMs }),
      },
    },
  };
}

/** The catalogue in Codex's own form. */
export function writeModelCatalogue(models: readonly ModelSpec[], instructions: string): string {
  return JSON.stringify({
    models: models.map((model, priority) => ({
      slug: model.id,
      display_name: model.name ?? model.id,
      supported_reasoning_levels: (model.efforts ?? []).map((effort) => ({ effort, description: effort })),
      ...(model.efforts?.[0] && { default_reasoning_level: model.efforts[0] }),
      shell_type: 'unified_exec',
      visibility: 'list',
      supported_in_api: true,
      priority,
      base_instructions: instructions,
      apply_patch_tool_type: 'freeform',
      truncation_policy: { mode: 'tokens', limit: 10_000 },
      experimental_supported_tools: [],
      support_verbosity: false,
      supports_parallel_tool_calls: true,
      input_modalities: model.takesImages ? ['text', 'image'] : ['text'],
      ...(model.contextWindow && { context_window: model.contextWindow }),
    })),
  });
}

function entries<V>(keys: readonly string[], value: V): Record<string, V> {
  return Object.fromEntries(keys.map((key) => [key, value]));
}
