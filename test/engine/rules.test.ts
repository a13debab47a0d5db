import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/contract/request.ts';
import { judge as judgeAt } from '../../src/engine/rules.ts';
import { command, commands, common, judge, patch, permissions, rule, tool, verdictOf } from '../support/rules.ts';

describe('a rule', () => {
  it.each(['no', 'unknown'] as const)('allows what is sandboxed: %s only if it says so itself', (sandboxed) => {
    const asked = command('ls', { sandboxed });
    expect(judge([commands('allow', [['ls']])], asked)).toBeUndefined();
    expect(judge([commands('allow', [['ls']], { sandboxed: 'yes' })], asked)).toBeUndefined();
    expect(verdictOf([commands('allow', [['ls']], { sandboxed: 'any' })], asked)).toBe('allow');
    expect(verdictOf([commands('deny', [['ls']])], asked)).toBe('deny');
  });

  it('decides when it is the first that matches, and is named', () => {
    const rules = [
      commands('allow', [['cat']], { name: 'reads' }),
      commands('deny', [['git', 'push']], { name: 'no push' }),
      commands('allow', [['git']], { name: 'git' }),
    ];
    expect(judge(rules, command('git push'))).toEqual({
      rule: 'no push',
      answer: { kind: 'decision', behavior: 'deny', message: 'by the rule "no push"' },
    });
    expect(judge(rules, command('git fetch'))).toMatchObject({ rule: 'git', answer: { behavior: 'allow' } });
    expect(judge([...rules].reverse(), command('git push'))).toMatchObject({ rule: 'git' });
    expect(judge(rules, command('make'))).toBeUndefined();
  });

  it('says nothing to what is no approval', () => {
    const all = rule('deny', { kind: 'tool', tools: ['command', 'fileChange', 'permissions'] });
    expect(judge([all], { ...common, kind: 'question', questions: [] })).toBeUndefined();
    expect(judge([all], { ...common, kind: 'elicitation', server: 's', message: '' })).toBeUndefined();
  });
});

describe('a rule about file changes', () => {
  const docs = rule('allow', { kind: 'fileChange', paths: ['docs', '*.md'] });
  const secret = rule('deny', { kind: 'fileChange', paths: ['**/.env', '.git'] });
  const roots = ['/ws'];

  it('allows a change when all of its files are meant, also where their links lead', () => {
    const asked = patch('/ws/docs/a', '/ws/b.md');
    expect(verdictOf([docs], asked, { files: ['/ws/docs/a', '/ws/b.md'], roots })).toBe('allow');
    expect(judge([docs], asked, { files: ['/ws/docs/a', '/etc/passwd'], roots })).toBeUndefined();
    expect(judge([docs], asked, { files: ['/ws/docs/a', '/ws/c.ts'], roots })).toBeUndefined();
  });

  it('allows nothing, and denies, where it is not known what would be changed', () => {
    expect(judge([docs], patch(), { files: [], roots })).toBeUndefined();
    expect(judgeAt([docs], patch('/ws/docs/a'))).toBeUndefined();
    const granting: Request = { ...patch('/ws/docs/a'), kind: 'fileChange', grantRoot: '/ws' } as Request;
    expect(judge([docs], granting, { files: ['/ws/docs/a'], roots })).toBeUndefined();
    expect(judge([docs], patch('/ws/docs/a'), { files: ['/ws/docs/a'], roots: [] })).toBeUndefined();
    expect(verdictOf([secret], patch(), { files: [], roots: [] })).toBe('deny');
    expect(verdictOf([secret], patch('/ws/a'), { files: ['/ws/a'], roots: [] })).toBe('deny');
  });

  it('denies a change when one of its files is meant', () => {
    expect(verdictOf([secret], patch('x'), { files: ['/ws/a', '/ws/sub/.env'], roots })).toBe('deny');
    expect(judge([secret], patch('x'), { files: ['/ws/a'], roots })).toBeUndefined();
    expect(judge([secret], command('ls'))).toBeUndefined();
  });
});

describe('a rule about tools', () => {
  const echo = rule('allow', { kind: 'mcpTool', server: 's', tools: ['echo'] }, { sandboxed: 'any' });

  it('is for those of one server that it names', () => {
    expect(verdictOf([echo], tool('s', 'echo'))).toBe('allow');
    expect(judge([echo], tool('s', 'form'))).toBeUndefined();
    expect(judge([echo], tool('other', 'echo'))).toBeUndefined();
  });

  it('takes a tool without a name for one that it must not allow, and has to deny', () => {
    expect(judge([echo], tool('s'))).toBeUndefined();
    expect(verdictOf([rule('deny', { kind: 'mcpTool', server: 's', tools: ['form'] })], tool('s'))).toBe('deny');
  });

  it('is for all of a server when it names none', () => {
    const all = rule('allow', { kind: 'mcpTool', server: 's' }, { sandboxed: 'any' });
    expect(verdictOf([all], tool('s', 'form'))).toBe('allow');
    expect(verdictOf([all], tool('s'))).toBe('allow');
    expect(judge([{ ...all, sandboxed: 'yes' }], tool('s', 'form'))).toBeUndefined();
  });

  it('of Codex’s own is for whatever they do, but for commands that cannot be read', () => {
    const any = (behavior: 'allow' | 'deny') =>
      rule(behavior, { kind: 'tool', tools: ['command', 'fileChange', 'permissions'] }, { sandboxed: 'any' });
    expect(verdictOf([any('allow')], command('make all'))).toBe('allow');
    expect(judge([any('allow')], command('make $(x)'))).toBeUndefined();
    expect(verdictOf([any('allow')], patch('/a'))).toBe('allow');
    expect(judge([any('allow')], tool('s', 'echo'))).toBeUndefined();
    expect(verdictOf([any('deny')], command('make $(x)'))).toBe('deny');
    expect(verdictOf([any('deny')], permissions)).toBe('deny');
    expect(judge([rule('deny', { kind: 'tool', tools: ['command'] })], permissions)).toBeUndefined();
  });
});
