/** Every code an error of ours can carry. docs/errors.md explains each; a test holds the two together. */
export const ERROR_CODES = [
  'aborted',
  'budget-reached',
  'call-failed',
  'call-timeout',
  'child-failed',
  'claim-lost',
  'codex-config-rejected',
  'codex-exited',
  'codex-not-found',
  'codex-start-failed',
  'codex-unresponsive',
  'codex-unsupported',
  'connection-closed',
  'conversation-closed',
  'conversation-not-ready',
  'data-directory-busy',
  'forbidden',
  'git-failed',
  'host-command-failed',
  'internal',
  'interrupted',
  'invalid-config',
  'invalid-input',
  'key-reused',
  'launch-refused',
  'lease-lost',
  'login-expired',
  'login-failed',
  'login-missing',
  'message-too-large',
  'not-found',
  'overloaded',
  'path-refused',
  'provider-unreachable',
  'queue-full',
  'request-expired',
  'run-busy',
  'sandbox-changed',
  'sandbox-unavailable',
  'seed-changed',
  'seed-unavailable',
  'seed-unreadable',
  'server-unreachable',
  'server-version',
  'state-changed',
  'store-failed',
  'store-full',
  'store-version',
  'task-busy',
  'too-many-attempts',
  'turn-failed',
  'turn-rejected',
  'unauthorized',
  'workspace-busy',
  'workspace-refused',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ErrorDetails {
  /** What the person can do about it, in one sentence. */
  readonly remedy?: string;
  /** What made it happen. */
  readonly cause?: unknown;
  /** Exit code of the process involved; null when a signal ended it. */
  readonly exitCode?: number | null;
  /** The signal that ended the process involved. */
  readonly signal?: string | null;
  /** The last lines that the process involved wrote to stderr. */
  readonly stderr?: string;
  /** The configuration field or flag that is at fault. */
  readonly field?: string;
  /** Whatever else the peer told, as it told it. */
  readonly data?: unknown;
}

/** The one error class of optio-codex: it says what happened and to whom, and carries a code and a remedy. */
export class OptioError extends Error {
  readonly code: ErrorCode;
  readonly details: Omit<ErrorDetails, 'cause'>;

  constructor(code: ErrorCode, message: string, { cause, ...details }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }

  get remedy(): string | undefined {
    return this.details.remedy;
  }

  /** How `util.inspect` and `console.log` of Node show it: first what a person needs, then where it happened, and why. */
  [Symbol.for('nodejs.util.inspect.custom')](_depth: number, options: object, inspect: Inspect): string {
    const { remedy, ...others } = this.details;
    const frames = (this.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
    const rest = Object.keys(others).length > 0 ? ` ${inspect(others, options)}` : '';
    return [
      `${this.name}: ${this.message}`,
      ...(remedy ? [`  ${remedy}`] : []),
      `  (${this.code})${rest}`,
      ...frames,
      ...(this.cause === undefined ? [] : [`  [cause]: ${inspect(this.cause, options).replaceAll('\n', '\n  ')}`]),
    ].join('\n');
  }
}

type Inspect = (value: unknown, options: object) => string;

/** The conversation has ended: nothing can be sent any more, and what was waiting will not come. */
export class ConversationClosed extends OptioError {
  constructor(message = 'the conversation with Codex has ended', details: ErrorDetails = {}) {
    super('conversation-closed', message, details);
  }
}

export type LaunchRefusal = 'not-found' | 'not-launchable' | 'at-limit' | 'blocked' | 'shutting-down';

/** A run was not begun; nothing was written. */
export class LaunchRefused extends OptioError {
  readonly reason: LaunchRefusal;

  constructor(reason: LaunchRefusal, message: string, details: ErrorDetails = {}) {
    super('launch-refused', message, details);
    this.reason = reason;
  }
}

/**
 * A run that this one has begun has failed. `cause` is what made it fail, `details.data` the keys and outcomes of all
 * that have.
 */
export class ChildFailed extends OptioError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('child-failed', message, details);
  }
}

/** No seed of those that were asked for can be leased now. `details.data` says of each why not. */
export class SeedUnavailableError extends OptioError {
  /** When the first of them may be free, as far as that is known; null when waiting would be of no use. */
  readonly retryAt: string | null;

  constructor(message: string, retryAt: string | null, details: ErrorDetails = {}) {
    super('seed-unavailable', message, details);
    this.retryAt = retryAt;
  }
}

/** A command on a host ended with an exit code that its caller had not allowed for. */
export class HostCommandError extends OptioError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('host-command-failed', message, details);
  }
}

/** The one gate through which an unknown thrown value becomes an error of ours; one of ours passes as it is. */
export function fromUnknown(thrown: unknown, code: ErrorCode = 'internal'): OptioError {
  if (thrown instanceof OptioError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new OptioError('aborted', thrown.message, { cause: thrown });
  }
  return new OptioError(code, messageOf(thrown), { cause: thrown });
}

function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return 'something was thrown that has no text';
  }
}
