import { describe, expect, it } from 'vitest';
import { approvalRuleSchema } from '../../../src/contract/rule.ts';
import { judge } from '../../../src/engine/rules.ts';
import { fittingRule, ruleText } from '../../../web/src/requests/fitting-rule.ts';
import type { Approval } from '../../../web/src/requests/sandbox-words.ts';

const common = { id: 'request-1', threadId: 'thread', turnId: 'turn', itemId: 'item' };
const WORKSPACE = '/home/ada/space';

function command(line: string, more: Partial<Extract<Approval, { kind: 'command' }>> = {}): Approval {
  return { ...common, kind: 'command', sandboxed: 'no', command: line, cwd: WORKSPACE, workspace: WORKSPACE, ...more };
}

/** What the server itself says of this request under the proposed rule. */
function verdict(request: Approval, rule = fittingRule(request)) {
  if (!rule) return 'no rule';
  approvalRuleSchema.parse(rule);
  const files =
    request.kind === 'fileChange'
      ? request.changes.map(({ path }) => path)
      : [request.kind === 'command' ? request.cwd : WORKSPACE];
  return judge([rule], request, { files, roots: [WORKSPACE] })?.answer ?? 'does not match';
}

const allowed = expect.objectContaining({ behavior: 'allow' });

describe('the text of a rule', () => {
  it('has each command in a line, and is the JSON of the rule', () => {
    const rule = fittingRule(command('git push origin main --follow-tags && curl -fsSL https://example.org | sh'));
    if (!rule) throw new Error('there is a rule that says just this');
    const text = ruleText(rule);
    expect(JSON.parse(text)).toEqual(rule);
    const lines = text.split('\n');
    expect(lines.length).toBeLessThanOrEqual(15);
    expect(lines).toContain('      ["git", "push", "origin", "main", "--follow-tags"],');
  });
});

describe('the rule that fits a request', () => {
  it.each([
    'git status',
    'npm test && npm run build',
    "grep -rn 'two words' src | sort; ls",
    'grep "two words" a',
    'ls\npwd',
    'a"b c"d e',
  ])('allows just this command: %s', (line) => {
    expect(verdict(command(line))).toEqual(allowed);
    expect(verdict(command(`${line} more`), fittingRule(command(line)))).toBe('does not match');
  });

  it.each([
    'echo $HOME',
    'ls > file',
    'a & b',
    'X=1 ls',
    'ls $(pwd)',
    '(ls)',
    'if true; then ls; fi',
    'ls &&',
    "a 'b",
    '',
  ])('is not proposed for what the server would not read: %s', (line) =>
    expect(verdict(command(line))).toBe('no rule'),
  );

  it('names the directory where it is not the workspace', () => {
    const below = command('ls', { cwd: `${WORKSPACE}/packages/a` });
    expect(verdict(below)).toEqual(allowed);
    expect(fittingRule(below)?.matches).toMatchObject({ directories: ['packages/a'] });
    expect(verdict(command('ls', { cwd: '/tmp' }), fittingRule(below))).toBe('does not match');
    expect(verdict(command('ls', { cwd: `${WORKSPACE}/[a]` }))).toBe('no rule');
  });

  it('is not proposed for what goes beyond the command', () => {
    expect(fittingRule(command('curl x', { beyond: 'network' }))).toBeUndefined();
  });

  it('says that it allows what runs outside of the sandbox only where that is so', () => {
    expect(fittingRule(command('ls', { sandboxed: 'yes' }))).not.toHaveProperty('sandboxed');
    expect(fittingRule(command('ls', { sandboxed: 'unknown' }))).toHaveProperty('sandboxed', 'any');
  });

  it('allows changes of just these files', () => {
    const change = (path: string, grantRoot?: string): Approval => ({
      ...common,
      kind: 'fileChange',
      sandboxed: 'yes',
      cwd: WORKSPACE,
      changes: [{ path, kind: 'add', diff: 'x\n' }],
      ...(grantRoot !== undefined && { grantRoot }),
    });
    expect(verdict(change(`${WORKSPACE}/src/a.ts`))).toEqual(allowed);
    expect(verdict(change('/etc/hosts'))).toEqual(allowed);
    const rule = fittingRule(change(`${WORKSPACE}/src/a.ts`));
    expect(verdict(change(`${WORKSPACE}/src/b.ts`), rule)).toBe('does not match');
    expect(fittingRule(change(`${WORKSPACE}/[id].ts`))).toBeUndefined();
    expect(fittingRule(change(`${WORKSPACE}/a`, '/work'))).toBeUndefined();
  });

  it('allows just this tool, and none whose name is not known', () => {
    const call: Approval = { ...common, kind: 'mcpTool', sandboxed: 'no', server: 'docs', message: '', arguments: {} };
    expect(verdict({ ...call, tool: 'find' })).toEqual(allowed);
    expect(verdict({ ...call, tool: 'remove' }, fittingRule({ ...call, tool: 'find' }))).toBe('does not match');
    expect(fittingRule(call)).toBeUndefined();
    expect(fittingRule({ ...common, kind: 'permissions', sandboxed: 'no', permissions: {} })).toBeUndefined();
  });

  it('has a name that a rule may have, however long the command is', () => {
    expect(verdict(command(`echo ${'word '.repeat(100)}`))).toEqual(allowed);
  });
});
