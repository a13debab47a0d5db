import type { ApprovalRule } from '../../../src/contract/rule.ts';
import { type Approval, placeInWords } from './sandbox-words.ts';
import { simpleCommands } from './simple-commands.ts';

/** A rule that would allow just this, without asking anybody; undefined where none can say just this. */
export function fittingRule(request: Approval): ApprovalRule | undefined {
  const matches = matchOf(request);
  if (!matches) return undefined;
  const base = { name: nameOf(matches), behavior: 'allow', matches } as const;
  return request.sandboxed === 'yes' ? base : { ...base, sandboxed: 'any' };
}

type Match = ApprovalRule['matches'];

function matchOf(request: Approval): Match | undefined {
  switch (request.kind) {
    case 'command':
      return commandMatch(request);
    case 'fileChange':
      return fileMatch(request);
    case 'mcpTool':
      if (request.tool === undefined) return undefined;
      return { kind: 'mcpTool', server: request.server, tools: [request.tool] };
    case 'permissions':
      return undefined; // a rule can only allow whatever permissions may be asked for
  }
}

function commandMatch({ command, cwd, workspace, beyond }: Extract<Approval, { kind: 'command' }>): Match | undefined {
  const prefixes = beyond === undefined ? simpleCommands(command) : undefined;
  if (!prefixes || prefixes.flat().some((word) => word === '')) return undefined;
  const match = { kind: 'command', prefixes, exactly: true } as const;
  if (workspace === undefined || cwd === workspace) return match;
  const directory = pattern(placeInWords(cwd, workspace));
  return directory === undefined ? undefined : { ...match, directories: [directory] };
}

function fileMatch({ changes, cwd, grantRoot }: Extract<Approval, { kind: 'fileChange' }>): Match | undefined {
  if (grantRoot !== undefined || changes.length === 0) return undefined;
  const files = changes.flatMap(({ path, movedTo }) => (movedTo === undefined ? [path] : [path, movedTo]));
  const paths = [...new Set(files)].map((file) => pattern(placeInWords(file, cwd)));
  return paths.every((path) => path !== undefined) ? { kind: 'fileChange', paths } : undefined;
}

/** The path as a pattern of itself; none where something in it would mean more. */
function pattern(path: string): string | undefined {
  return /[*?[\]{}!\\]/.test(path) || path.split('/').includes('..') ? undefined : path;
}

function nameOf(match: Match): string {
  switch (match.kind) {
    case 'command':
      return cut(match.prefixes.map((words) => words.join(' ')).join(', '));
    case 'fileChange':
      return cut(`changes of ${match.paths.join(', ')}`);
    case 'mcpTool':
      return cut(`${match.tools?.join(', ')} of ${match.server}`);
    case 'tool':
      return cut(match.tools.join(', '));
  }
}

function cut(name: string): string {
  const line = name.replace(/\s+/g, ' ');
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
