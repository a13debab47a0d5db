import { createHash } from 'node:crypto';
import { isAbsolute, relative, resolve } from 'node:path';
import type { FileChange } from '../contract/item.ts';
import type { Answer, Request, Sandboxed } from '../contract/request.ts';
import type { IncomingRequest } from '../rpc/connection.ts';
import { unwrapShell } from './items.ts';
import type { ServerRequests } from './protocol/methods.ts';

type CommandRequest = Extract<Request, { kind: 'command' }>;

/** What one has to know of the session to judge what a request would be allowed to do. */
export interface RequestContext {
  readonly cwd: string;
  /** The permission profile that is in force, when it is the one that was expected. */
  readonly profile: string | null;
  readonly approvalPolicy: string;
  /** The changes of a file change that was started but not applied; the request itself does not carry them. */
  readonly changesOf: (itemId: string) => readonly FileChange[];
}

/** A request of Codex's in our words; undefined for one that is no question to a person. */
export function toRequest(wire: IncomingRequest, context: RequestContext): Request | undefined {
  const request = inOurWords(wire, context);
  return request && { ...request, id: nameOf(wire, request) };
}

/** The same for a request that Codex repeats, be it to another process of ours; Codex's own id begins with 0 again and again. */
function nameOf({ id, method }: IncomingRequest, request: Request): string {
  const { threadId, turnId, itemId } = request;
  // What belongs to no item is told apart by what it says: another process of Codex may use the same id for it.
  const said = itemId === null && 'message' in request ? [request.server, request.message] : [];
  const what = JSON.stringify([id, method, threadId, turnId, itemId, ...said]);
  return `request-${createHash('sha256').update(what).digest('hex').slice(0, 16)}`;
}

function inOurWords(wire: IncomingRequest, context: RequestContext): Request | undefined {
  const params = wire.params as never;
  switch (wire.method as keyof ServerRequests) {
    case 'item/commandExecution/requestApproval':
      return commandRequest(params, context);
    case 'item/fileChange/requestApproval':
      return fileChangeRequest(params, context);
    case 'item/permissions/requestApproval': {
      const asked: ServerRequests['item/permissions/requestApproval']['params'] = params;
      return { kind: 'permissions', ...common(asked), sandboxed: 'no', permissions: asked.permissions };
    }
    case 'mcpServer/elicitation/request':
      return elicitationRequest(params);
    case 'item/tool/requestUserInput': {
      const asked: ServerRequests['item/tool/requestUserInput']['params'] = params;
      const questions = asked.questions.map((question) => ({
        id: question.id,
        header: question.header ?? '',
        question: question.question,
        options: question.options ?? [],
        allowsOther: question.isOther ?? false,
        isSecret: question.isSecret ?? false,
      }));
      return { kind: 'question', ...common(asked), questions };
    }
    default:
      return undefined;
  }
}

/** The reply that Codex wants for an answer of ours. Offered policy amendments are never sent: they hold for ever. */
export function toReply(request: Request, answer: Answer): unknown {
  const isAllowed = answer.kind === 'decision' && answer.behavior === 'allow';
  const forSession = answer.kind === 'decision' && answer.forSession === true;
  const interrupt = answer.kind === 'decision' && answer.interrupt === true;
  switch (request.kind) {
    case 'command':
    case 'fileChange':
      if (isAllowed) return { decision: forSession ? 'acceptForSession' : 'accept' };
      return { decision: interrupt ? 'cancel' : 'decline' };
    case 'permissions':
      return { permissions: isAllowed ? request.permissions : {}, scope: isAllowed && forSession ? 'session' : 'turn' };
    case 'mcpTool':
      if (isAllowed) return { action: 'accept', content: {}, _meta: forSession ? { persist: 'session' } : null };
      return { action: interrupt ? 'cancel' : 'decline', content: null, _meta: null };
    case 'question': {
      const given = answer.kind === 'answers' ? answer.answers : {};
      return { answers: Object.fromEntries(Object.entries(given).map(([id, answers]) => [id, { answers }])) };
    }
    case 'elicitation':
      if (answer.kind === 'form') return { action: answer.action, content: answer.content ?? null, _meta: null };
      return { action: 'decline', content: null, _meta: null };
  }
}

function commandRequest(
  asked: ServerRequests['item/commandExecution/requestApproval']['params'],
  context: RequestContext,
): Request {
  return {
    kind: 'command',
    ...common(asked),
    sandboxed: commandSandboxed(asked, context),
    command: unwrapShell(asked.command ?? ''),
    cwd: asked.cwd ?? context.cwd,
    workspace: context.cwd,
    ...beyondCommand(asked),
  };
}

/** Codex asks in the same way for other things, and shows the command that they are about. */
function beyondCommand({
  kind,
  networkApprovalContext,
  additionalPermissions,
}: ServerRequests['item/commandExecution/requestApproval']['params']): Pick<CommandRequest, 'beyond'> {
  if (networkApprovalContext) return { beyond: 'network' };
  if (additionalPermissions) return { beyond: 'permissions' };
  if (kind === 'writeStdin') return { beyond: 'input' };
  return kind === undefined || kind === 'command' ? {} : { beyond: 'other' };
}

/**
 * Codex does not say whether it asks for a plain command or for one without the sandbox's write limits. Under
 * `on-request` it asks for the latter, and for a plain `rm -f`, which is not worth telling apart. Under `untrusted` it
 * asks for both, and a model that gives no justification for the latter makes the two look the same: so nothing there
 * is certain, except a justification.
 */
function commandSandboxed(
  asked: ServerRequests['item/commandExecution/requestApproval']['params'],
  context: RequestContext,
): Sandboxed {
  if (asked.reason || context.approvalPolicy === 'on-request' || asked.additionalPermissions) return 'no';
  return 'unknown';
}

function fileChangeRequest(
  asked: ServerRequests['item/fileChange/requestApproval']['params'],
  context: RequestContext,
): Request {
  const changes = [...context.changesOf(asked.itemId)];
  const sandboxed = patchSandboxed(asked, changes, context);
  const grant = asked.grantRoot ? { grantRoot: asked.grantRoot } : {};
  return { kind: 'fileChange', ...common(asked), sandboxed, changes, cwd: context.cwd, ...grant };
}

/**
 * A patch inside the workspace is applied within the sandbox; one outside, or with a grant, is not. Under `on-request`
 * Codex asks only about what the sandbox does not allow.
 */
function patchSandboxed(
  asked: ServerRequests['item/fileChange/requestApproval']['params'],
  changes: readonly FileChange[],
  context: RequestContext,
): Sandboxed {
  if (asked.grantRoot || context.approvalPolicy === 'on-request') return 'no';
  const paths = changes.flatMap((change) => (change.movedTo ? [change.path, change.movedTo] : [change.path]));
  if (paths.length === 0) return 'unknown';
  if (!paths.every((path) => isInside(context.cwd, path))) return 'no';
  return context.profile ? 'yes' : 'unknown';
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, resolve(root, path));
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}

/** Codex asks through an elicitation both for an MCP server's own questions and for permission to call its tools. */
function elicitationRequest(asked: ServerRequests['mcpServer/elicitation/request']['params']): Request {
  const meta = (asked._meta ?? {}) as { codex_approval_kind?: unknown; tool_name?: unknown; tool_params?: unknown };
  const base = { ...common({ ...asked, itemId: null }), server: asked.serverName };
  const message = 'message' in asked ? asked.message : asked.description;
  if (meta.codex_approval_kind === 'mcp_tool_call') {
    const tool = typeof meta.tool_name === 'string' ? { tool: meta.tool_name } : {};
    return { kind: 'mcpTool', ...base, ...tool, sandboxed: 'no', message, arguments: meta.tool_params ?? null };
  }
  return {
    kind: 'elicitation',
    ...base,
    message,
    ...('requestedSchema' in asked && { schema: asked.requestedSchema }),
    ...('url' in asked && { url: asked.url }),
  };
}

function common(asked: { threadId: string; turnId: string | null; itemId: string | null; reason?: string | null }) {
  return {
    id: '', // named by `nameOf`
    threadId: asked.threadId,
    turnId: asked.turnId,
    itemId: asked.itemId,
    ...(asked.reason && { reason: asked.reason }),
  };
}
