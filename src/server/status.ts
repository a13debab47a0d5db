import type { ErrorRecord } from '../contract/outcome.ts';
import type { Problem } from '../contract/problem.ts';
import { type ErrorCode, LaunchRefused, type OptioError } from '../errors.ts';

/** How each error is told over HTTP. 503 is for what may go well a moment later. */
export const STATUS: Readonly<Record<ErrorCode, number>> = {
  aborted: 503,
  'budget-reached': 409,
  'call-failed': 502,
  'call-timeout': 504,
  'child-failed': 409,
  'claim-lost': 409,
  'codex-config-rejected': 502,
  'codex-exited': 502,
  'codex-not-found': 502,
  'codex-start-failed': 502,
  'codex-unresponsive': 504,
  'codex-unsupported': 501,
  'connection-closed': 502,
  'conversation-closed': 409,
  'conversation-not-ready': 409,
  'data-directory-busy': 503,
  forbidden: 403,
  'git-failed': 502,
  'host-command-failed': 502,
  internal: 500,
  interrupted: 409,
  'invalid-config': 422,
  'invalid-input': 400,
  'key-reused': 422,
  'launch-refused': 409,
  'lease-lost': 409,
  'login-expired': 409,
  'login-failed': 409,
  'login-missing': 409,
  'message-too-large': 413,
  'not-found': 404,
  overloaded: 503,
  'path-refused': 422,
  'provider-unreachable': 502,
  'queue-full': 409,
  'request-expired': 409,
  'run-busy': 409,
  'sandbox-changed': 409,
  'sandbox-unavailable': 502,
  'seed-changed': 409,
  'seed-unavailable': 409,
  'seed-unreadable': 500,
  'server-unreachable': 502,
  'server-version': 409,
  'state-changed': 409,
  'store-failed': 500,
  'store-full': 507,
  'store-version': 500,
  'task-busy': 409,
  'too-many-attempts': 429,
  'turn-failed': 502,
  'turn-rejected': 422,
  unauthorized: 401,
  'workspace-busy': 409,
  'workspace-refused': 422,
};

/** Of launches: a task that there is not, and a server that will be back. */
const REFUSED: Partial<Record<LaunchRefused['reason'], number>> = { 'not-found': 404, 'shutting-down': 503 };

/**
 * An error as it is told over HTTP. Of one that nobody has expected nothing is told: its text may hold whatever was at hand.
 * `status`: another one than its code has.
 */
export function problemOf(error: OptioError, status: number = statusOf(error)): Problem {
  const { code } = error;
  const record: ErrorRecord =
    code === 'internal'
      ? { code, message: 'something went wrong in the server', remedy: 'Look into its log, and report it.' }
      : recordOf(error);
  return {
    type: `urn:optio-codex:error:${code}`,
    title: titleOf(code),
    status,
    detail: record.message,
    ...record,
    ...(error instanceof LaunchRefused && { reason: error.reason }),
  };
}

function statusOf(error: OptioError): number {
  return (error instanceof LaunchRefused ? REFUSED[error.reason] : undefined) ?? STATUS[error.code];
}

function recordOf({ code, message, details }: OptioError): ErrorRecord {
  const { remedy, field, exitCode, signal, stderr } = details;
  return {
    code,
    message,
    ...(remedy !== undefined && { remedy }),
    ...(field !== undefined && { field }),
    ...(exitCode !== undefined && { exitCode }),
    ...(signal !== undefined && { signal }),
    ...(stderr !== undefined && { stderr }),
  };
}

function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
