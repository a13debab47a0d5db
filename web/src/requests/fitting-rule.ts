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

/** A rule as JSON, for a person to read and to copy: each of its parts in a line, and each command. */
export function ruleText(rule: ApprovalRule): string {
  return written(rule, '', ['', 'matches', 'matches.prefixes'], '');
}

/** `spread`: what is written over several lines, by where it stands. */
function written(value: unknown, place: string, spread: readonly string[], indent: string): string {
  if (!spread.includes(place) || typeof value !== 'object' || value === null) return inLine(value);
  const inner = `${indent}  `;
  const within = (part: unknown, name: string) =>
    written(part, place === '' ? name : `${place}.${name}`, spread, inner);
  const parts = Array.isArray(value)
    ? value.map((part) => within(part, '*'))
    : Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${within(part, name)}`);
  const [begin, end] = Array.isArray(value) ? '[]' : '{}';
  return `${begin}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${end}`;
}

/** JSON in one line, with spaces between what it lists. */
function inLine(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(inLine).join(', ')}]` : JSON.stringify(value);
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
