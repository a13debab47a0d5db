import type { Request } from '../../src/contract/request.ts';
import type { ApprovalRule } from '../../src/contract/rule.ts';
import { judge as judgeAt, type Places } from '../../src/engine/rules.ts';

export type Approval = Exclude<Request, { kind: 'question' | 'elicitation' }>;
type CommandRequest = Extract<Request, { kind: 'command' }>;

export const common = { id: 'q', threadId: 't', turnId: null, itemId: null };
export const command = (line: string, more: Partial<CommandRequest> = {}): CommandRequest => {
  return { ...common, kind: 'command', sandboxed: 'yes', command: line, cwd: '/ws', ...more };
};
export const patch = (...paths: string[]): Request => {
  const changes = paths.map((path) => ({ path, kind: 'update' as const, diff: '' }));
  return { ...common, kind: 'fileChange', sandboxed: 'yes', changes };
};
export const tool = (server: string, name?: string): Request => {
  return {
    ...common,
    kind: 'mcpTool',
    sandboxed: 'no',
    server,
    message: '',
    arguments: {},
    ...(name && { tool: name }),
  };
};
export const permissions: Approval = { ...common, kind: 'permissions', sandboxed: 'no', permissions: {} };

export const rule = (
  behavior: 'allow' | 'deny',
  matches: ApprovalRule['matches'],
  more: Partial<ApprovalRule> = {},
): ApprovalRule => ({ name: `${behavior} ${matches.kind}`, behavior, matches, ...more });
export const commands = (behavior: 'allow' | 'deny', prefixes: string[][], more: Partial<ApprovalRule> = {}) =>
  rule(behavior, { kind: 'command', prefixes }, more);

/** A command in the workspace, unless the test says otherwise. */
const HERE: Places = { files: ['/ws'], roots: ['/ws'] };

export const judge = (rules: readonly ApprovalRule[], request: Request, places: Places = HERE) =>
  judgeAt(rules, request, places);
export const verdictOf = (rules: readonly ApprovalRule[], request: Request, places: Places = HERE) => {
  const answer = judge(rules, request, places)?.answer;
  return answer?.kind === 'decision' ? answer.behavior : undefined;
};
