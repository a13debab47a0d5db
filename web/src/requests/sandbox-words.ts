import type { Request } from '../../../src/contract/request.ts';

/** Requests that are answered with yes or no. */
export type Approval = Exclude<Request, { kind: 'question' | 'elicitation' }>;

export function isApproval(request: Request): request is Approval {
  return request.kind !== 'question' && request.kind !== 'elicitation';
}

export interface Said {
  readonly text: string;
  /** It has to be read before one says yes. */
  readonly isGrave: boolean;
}

/** Whether the sandbox still holds after a yes, in plain words. What nobody knows weighs as much as a no. */
export function sandboxInWords(request: Approval): Said {
  if (request.kind === 'fileChange' && request.grantRoot !== undefined)
    return {
      isGrave: true,
      text: `After a yes it may change whatever is below ${request.grantRoot}, until the session ends.`,
    };
  if (request.sandboxed === 'yes') return { isGrave: false, text: 'After a yes the sandbox still holds.' };
  if (request.kind === 'mcpTool')
    return { isGrave: true, text: 'An MCP server works outside of the sandbox: after a yes it does whatever it can.' };
  const rest = 'it may change any file that optio-codex itself may change.';
  if (request.sandboxed === 'no') return { isGrave: true, text: `After a yes this is outside of the sandbox: ${rest}` };
  return { isGrave: true, text: `Nobody can tell whether the sandbox still holds after a yes. If not, ${rest}` };
}

/** What is asked for besides running the command that is shown; null when there is nothing more to it. */
export function beyondInWords(request: Approval): string | null {
  if (request.kind !== 'command') return null;
  switch (request.beyond) {
    case 'input':
      return 'It is about input for this command, which runs already.';
    case 'network':
      return 'It is about the network: this command wants to reach a host that is not allowed.';
    case 'permissions':
      return 'It is about more permissions than the sandbox gives this command.';
    case 'other':
      return 'Codex asks for more than to run this command, and this version of optio-codex has no word for it.';
    case undefined:
      return null;
  }
}

/** What is asked, as a title. */
export function titleOf(request: Request): string {
  switch (request.kind) {
    case 'command':
      return request.beyond === undefined ? 'May this command run?' : 'May this command do more?';
    case 'fileChange':
      return request.changes.length === 1 ? 'May this file be changed?' : 'May these files be changed?';
    case 'permissions':
      return 'May it have more permissions?';
    case 'mcpTool':
      return request.tool
        ? `May ${request.tool} of ${request.server} be called?`
        : `May a tool of ${request.server} be called?`;
    case 'question':
      return request.questions.length === 1
        ? 'Codex has a question'
        : `Codex has ${request.questions.length} questions`;
    case 'elicitation':
      return `${request.server} asks you`;
  }
}

/** A path from the workspace on, where it lies in there. */
export function placeInWords(path: string, workspace: string | undefined): string {
  if (workspace === undefined) return path;
  if (path === workspace) return 'the workspace';
  const root = workspace.endsWith('/') ? workspace : `${workspace}/`;
  return path.startsWith(root) ? path.slice(root.length) : path;
}
