import type { Answer, Request } from '../contract/request.ts';
import type { ApprovalRule } from '../contract/rule.ts';
import { mentions, parseCommandLine } from './command-line.ts';
import { isMeant } from './path-pattern.ts';

/** Where the files of a change are, or a command is to be run. */
export interface Places {
  /**
   * Each file, or the directory of the command, as Codex names it, and as it is once all links are followed; empty when
   * that is not known.
   */
  readonly files: readonly string[];
  /** The workspace, both ways as well; empty when it is not known. */
  readonly roots: readonly string[];
}

export interface Verdict {
  /** The name of the rule. */
  readonly rule: string;
  readonly answer: Answer;
}

const NOWHERE: Places = { files: [], roots: [] };

/** What the first rule that matches says of a request; undefined when none does, and for what is no approval. */
export function judge(rules: readonly ApprovalRule[], request: Request, places: Places = NOWHERE): Verdict | undefined {
  if (request.kind === 'question' || request.kind === 'elicitation') return undefined;
  const rule = rules.find((candidate) =>
    candidate.behavior === 'allow' ? allows(candidate, request, places) : denies(candidate, request, places),
  );
  if (!rule) return undefined;
  const { name, behavior } = rule;
  const message = `by the rule "${name}"`;
  return { rule: name, answer: { kind: 'decision', behavior, message } };
}

type Approval = Exclude<Request, { kind: 'question' | 'elicitation' }>;

/** Yes only to what is known for certain. */
function allows({ matches, sandboxed }: ApprovalRule, request: Approval, { files, roots }: Places): boolean {
  if (request.sandboxed !== 'yes' && sandboxed !== 'any') return false;
  if (request.kind === 'command' && !isPlain(request)) return false;
  switch (matches.kind) {
    case 'command':
      return (
        request.kind === 'command' &&
        everyCommandIs(request.command, matches) &&
        isWhereItMayRun(matches.directories, { files, roots })
      );
    case 'fileChange': {
      if (request.kind !== 'fileChange' || request.changes.length === 0 || files.length === 0) return false;
      if (request.grantRoot !== undefined) return false;
      return files.every((file) => matches.paths.some((pattern) => isMeant(file, pattern, roots)));
    }
    case 'mcpTool':
      return isTool(request, matches) && (!matches.tools || request.tool !== undefined);
    case 'tool':
      return isOneOf(matches.tools, request.kind);
  }
}

/** Yes also where it cannot be known. */
function denies({ matches }: ApprovalRule, request: Approval, { files, roots }: Places): boolean {
  switch (matches.kind) {
    case 'command':
      return request.kind === 'command' && matches.prefixes.some((prefix) => mentions(request.command, prefix));
    case 'fileChange': {
      if (request.kind !== 'fileChange') return false;
      if (files.length === 0 || roots.length === 0) return true;
      return files.some((file) => matches.paths.some((pattern) => isMeant(file, pattern, roots)));
    }
    case 'mcpTool':
      return isTool(request, matches);
    case 'tool':
      return isOneOf(matches.tools, request.kind);
  }
}

/** It is a command and nothing more, and one that can be read. */
function isPlain({ command, beyond }: Extract<Request, { kind: 'command' }>): boolean {
  return beyond === undefined && parseCommandLine(command) !== undefined;
}

/** What is known of the directory has to be one that is named, or the workspace itself. */
function isWhereItMayRun(named: readonly string[] | undefined, { files, roots }: Places): boolean {
  if (files.length === 0 || roots.length === 0) return false;
  return files.every((directory) =>
    named ? named.some((pattern) => isMeant(directory, pattern, roots)) : roots.includes(directory),
  );
}

function everyCommandIs(
  line: string,
  { prefixes, exactly = false }: Extract<ApprovalRule['matches'], { kind: 'command' }>,
): boolean {
  const commands = parseCommandLine(line) ?? [[]];
  return commands.every((words) =>
    prefixes.some(
      (prefix) =>
        (!exactly || words.length === prefix.length) &&
        prefix.every((wanted, index) => words[index]?.isLiteral === true && words[index].text === wanted),
    ),
  );
}

/** A tool whose name Codex did not tell may be any. */
function isTool(
  request: Approval,
  { server, tools }: Extract<ApprovalRule['matches'], { kind: 'mcpTool' }>,
): request is Extract<Request, { kind: 'mcpTool' }> {
  if (request.kind !== 'mcpTool' || request.server !== server) return false;
  return !tools || request.tool === undefined || tools.includes(request.tool);
}

function isOneOf(tools: readonly string[], kind: string): boolean {
  return tools.includes(kind);
}
