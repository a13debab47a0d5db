import type { FileChange } from '../contract/item.ts';
import { deadlinesSchema, waitSchema } from '../contract/run-spec.ts';
import { OptioError } from '../errors.ts';
import type { HeartbeatOptions } from '../rpc/heartbeat.ts';
import type { ApprovalPolicy, HandshakeOptions, Login } from './handshake.ts';
import type { SandboxMode } from './protocol/v2/SandboxMode.ts';
import type { KnownThread } from './told-threads.ts';

export interface CodexConversationOptions {
  /** Where Codex works; an absolute path on the machine where it runs. */
  readonly cwd: string;
  /** How we introduce ourselves to Codex (`optio-codex`). */
  readonly agentLabel?: string;
  /**
   * Whether there is somebody to ask. `false` (unless told otherwise): the policy is `never`, and whatever would need
   * permission is refused. `true`: the policy is `on-request`, or the one given.
   */
  readonly permissionGate?: boolean;
  /** When Codex asks. Needs `permissionGate`. */
  readonly approvalPolicy?: ApprovalPolicy;
  /** The model; Codex's own choice unless given. */
  readonly model?: string;
  /** How hard the model thinks; checked against what the model is known to take. */
  readonly reasoningEffort?: string;
  /**
   * Codex's own sandbox mode (`workspace-write`). Sending one lets Codex trust the repository by itself, and throws a
   * permission profile away: `null` sends none.
   */
  readonly sandbox?: SandboxMode | null;
  /** The permission profile that has to be in force; any other ends the conversation. Needs `experimentalApi`. */
  readonly expectProfile?: string;
  /** Goes to the model ahead of all else, in place of those of the config.toml; constant for the life of a thread. */
  readonly developerInstructions?: string;
  /** Takes up this thread instead of starting one. */
  readonly resumeThreadId?: string;
  /** What was told of that thread before, from a record of it: only what came since is told. Needs `resumeThreadId`. */
  readonly known?: KnownConversation;
  /** Speaks with Codex's experimental methods: single commands can be stopped, profiles named, tokens lent. */
  readonly experimentalApi?: boolean;
  /** Codex sends the model's raw items as well: the only full record of the commands. Needs `experimentalApi`. */
  readonly rawEvents?: boolean;
  /** What to log in with; it stays in the memory of the process when its store is `ephemeral`. */
  readonly login?: Login;
  /** Called before each turn of ours, which does not begin before it resolves; a message whose turn it refuses is rejected. */
  readonly admitTurn?: () => Promise<void>;
  /** How long what may be waited for; at most 2^31 - 1 milliseconds, as timers of Node's. */
  readonly deadlines?: {
    /** For each call, in milliseconds (60,000). */
    readonly callMs?: number | undefined;
    /** How long Codex may go on asking the model again without success, in milliseconds (300,000). */
    readonly retryMs?: number | undefined;
    /**
     * How often Codex is asked for a sign of life, in milliseconds (10,000). When it gave none until it would be asked
     * again, that is told. Only over a socket.
     */
    readonly pingMs?: number | undefined;
    /** How long it may give none, in milliseconds (600,000); then the conversation ends. */
    readonly answerMs?: number | undefined;
  };
}

type Deadlines = Pick<NonNullable<CodexConversationOptions['deadlines']>, 'pingMs' | 'answerMs'>;

/** What somebody before us knew of a thread when he had to leave it. */
export interface KnownConversation {
  /** The thread itself and those of its sub-agents. */
  readonly threads: readonly KnownThread[];
  /** The ids of messages that were sent and may be in a turn that goes on. */
  readonly messageIds: readonly string[];
  /** Patches that wait for an answer, by the id of their item: a request about one does not carry it. */
  readonly changes: Readonly<Record<string, readonly FileChange[]>>;
}

/** The options with their defaults, checked. */
export interface ConversationSettings extends HandshakeOptions {
  readonly permissionGate: boolean;
  readonly known: KnownConversation | undefined;
  readonly reasoningEffort: string | undefined;
  readonly admitTurn: (() => Promise<void>) | undefined;
  readonly callDeadlineMs: number;
  readonly retryDeadlineMs: number;
  readonly heartbeat: HeartbeatOptions;
}

/** The signs of life that are asked for, unless somebody says otherwise. */
export function heartbeatOf({ pingMs = 10_000, answerMs = 600_000 }: Deadlines = {}): HeartbeatOptions {
  return { everyMs: pingMs, patienceMs: answerMs };
}

const allDeadlinesSchema = deadlinesSchema.extend({ callMs: waitSchema.optional() });

const POLICIES: readonly ApprovalPolicy[] = ['untrusted', 'on-failure', 'on-request', 'never'];

/** Throws `invalid-config` with the field and its remedy. */
export function checkOptions(options: CodexConversationOptions): ConversationSettings {
  const {
    permissionGate = false,
    experimentalApi = false,
    rawEvents = false,
    approvalPolicy,
    expectProfile,
    login,
  } = options;
  if (!options.cwd.startsWith('/')) {
    throw invalid('cwd', `"${options.cwd}" is not an absolute path`, 'Resolve it first.');
  }
  if (approvalPolicy && !POLICIES.includes(approvalPolicy)) {
    throw invalid(
      'approvalPolicy',
      `"${approvalPolicy}" is no approval policy`,
      `Choose one of ${POLICIES.join(', ')}.`,
    );
  }
  if (approvalPolicy && approvalPolicy !== 'never' && !permissionGate) {
    throw invalid('approvalPolicy', `"${approvalPolicy}" asks, and nobody is there`, 'Set permissionGate to true.');
  }
  if (expectProfile && options.sandbox !== null) {
    throw invalid('expectProfile', 'a sandbox mode would throw the profile away', 'Set sandbox to null.');
  }
  if (options.known && !options.resumeThreadId) {
    throw invalid('known', 'it says nothing of a thread that is begun', 'Name the thread with resumeThreadId.');
  }
  checkDeadlines(options.deadlines);
  const needy = expectProfile
    ? 'expectProfile'
    : rawEvents
      ? 'rawEvents'
      : login?.type === 'chatgptAuthTokens'
        ? 'login'
        : '';
  if (needy && !experimentalApi) {
    throw invalid(needy, 'Codex takes it only from an experimental client', 'Set experimentalApi to true.');
  }
  return {
    cwd: options.cwd,
    agentLabel: options.agentLabel ?? 'optio-codex',
    permissionGate,
    experimentalApi,
    rawEvents,
    approvalPolicy: permissionGate ? (approvalPolicy ?? 'on-request') : 'never',
    login,
    model: options.model,
    reasoningEffort: options.reasoningEffort,
    sandbox: options.sandbox === undefined ? 'workspace-write' : options.sandbox,
    expectProfile,
    developerInstructions: options.developerInstructions,
    resumeThreadId: options.resumeThreadId,
    known: options.known,
    admitTurn: options.admitTurn,
    callDeadlineMs: options.deadlines?.callMs ?? 60_000,
    retryDeadlineMs: options.deadlines?.retryMs ?? 300_000,
    heartbeat: heartbeatOf(options.deadlines),
  };
}

function checkDeadlines(deadlines: CodexConversationOptions['deadlines']): void {
  const issue = allDeadlinesSchema.optional().safeParse(deadlines).error?.issues[0];
  if (!issue) return;
  const field = ['deadlines', ...issue.path].join('.');
  throw invalid(field, issue.message, 'Give whole numbers of milliseconds from 1 to 2147483647.');
}

function invalid(field: string, message: string, remedy: string): OptioError {
  return new OptioError('invalid-config', `${field}: ${message}`, { field, remedy });
}
