import type { FileChange } from '../contract/item.ts';
import type { Answer, Request, Sandboxed } from '../contract/request.ts';
import type { ApprovalKind } from './requests.ts';

/** Something that Codex wants permission for. */
export interface PermissionRequest {
  readonly kind: ApprovalKind;
  /** The command, `file change`, `permissions`, or the name of the MCP server. */
  readonly toolName: string;
  /** What Codex sent along. */
  readonly input: unknown;
  /** The diffs that a file change would apply. */
  readonly changes?: readonly FileChange[];
  /** Whether it would still be sandboxed once allowed; `no` means that it may write anywhere as this user. */
  readonly sandboxed: Sandboxed;
  /** The request as it came. */
  readonly raw: unknown;
  /** Aborted when no answer is needed any more: somebody else gave one, or the turn was interrupted. */
  readonly signal: AbortSignal;
}

export interface PermissionDecision {
  readonly behavior: 'allow' | 'deny';
  /** With `allow`: the same again is not asked in this session. */
  readonly forSession?: boolean;
  /** With `deny`: interrupt the turn as well. */
  readonly interrupt?: boolean;
  /** Cannot go over this wire; kept in the record of the answer. */
  readonly message?: string;
  /** Cannot go over this wire; kept in the record of the answer. */
  readonly updatedInput?: unknown;
}

export type PermissionHandler = (request: PermissionRequest) => PermissionDecision | Promise<PermissionDecision>;

export function toPermissionRequest(
  request: Request,
  raw: { params: unknown },
  signal: AbortSignal,
): PermissionRequest {
  if (request.kind === 'question' || request.kind === 'elicitation')
    throw new TypeError(`${request.kind} is no approval`);
  return {
    kind: request.kind,
    toolName: toolNameOf(request),
    input: raw.params,
    ...(request.kind === 'fileChange' && { changes: request.changes }),
    sandboxed: request.sandboxed,
    raw,
    signal,
  };
}

/** Anything but a clear `allow` is a no. */
export function toAnswer(decision: PermissionDecision | undefined): Answer {
  const isAllowed = decision?.behavior === 'allow';
  return {
    kind: 'decision',
    behavior: isAllowed ? 'allow' : 'deny',
    ...(isAllowed && decision?.forSession && { forSession: true }),
    ...(!isAllowed && decision?.interrupt && { interrupt: true }),
    ...(decision?.message && { message: decision.message }),
    ...(decision?.updatedInput !== undefined && { updatedInput: decision.updatedInput }),
  };
}

function toolNameOf(request: Extract<Request, { kind: ApprovalKind }>): string {
  switch (request.kind) {
    case 'command':
      return request.command;
    case 'fileChange':
      return 'file change';
    case 'permissions':
      return 'permissions';
    case 'mcpTool':
      return request.server;
  }
}
