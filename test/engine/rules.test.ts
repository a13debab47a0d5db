import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/contract/request.ts';
import type { ApprovalRule } from '../../src/contract/rule.ts';
import { judge as judgeAt, type Places } from '../../src/engine/rules.ts';

type Approval = Exclude<Request, { kind: 'question' | 'elicitation' }>;
type CommandRequest = Extract<Request, { kind: 'command' }>;

const common = { id: 'q', threadId: 't', turnId: null, itemId: null };
const command = (line: string, more: Partial<CommandRequest> = {}): CommandRequest => {
  return { ...common, kind: 'command', sandboxed: 'yes', command: line, cwd: '/ws', ...more };
};
const patch = (...paths: string[]): Request => {
  const changes = paths.map((path) => ({ path, kind: 'update' as const, diff: '' }));
  return { ...common, kind: 'fileChange', sandboxed: 'yes', changes };
};
const tool = (server: string, name?: string): Request => {
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
const permissions: Approval = { ...common, kind: 'permissions', sandboxed: 'no', permissions: {} };

const rule = (
  behavior: 'allow' | 'deny',
  matches: ApprovalRule['matches'],
  more: Partial<ApprovalRule> = {},
): ApprovalRule => ({ name: `${behavior} ${matches.kind}`, behavior, matches, ...more });
const commands = (behavior: 'allow' | 'deny', prefixes: string[][], more: Partial<ApprovalRule> = {}) =>
  rule(behavior, { kind: 'command', prefixes }, more);

/** A command in the workspace, unless the test says otherwise. */
const HERE: Places = { files: ['/ws'], roots: ['/ws'] };

const judge = (rules: readonly ApprovalRule[], request: Request, places: Places = HERE) =>
  judgeAt(rules, request, places);
const verdictOf = (rules: readonly ApprovalRule[], request: Request, places: Places = HERE) => {
  const answer = judge(rules, request, places)?.answer;
  return answer?.kind === 'decision' ? answer.behavior : undefined;
};

describe('a rule about commands', () => {
  const look = commands('allow', [['ls'], ['git', 'status'], ['git', 'log', '-1']]);

  it('allows nothing outside of the workspace, or below it, by whatever name, unless it says so', () => {
    const at = (...files: string[]) => verdictOf([look], command('git status'), { files, roots: ['/ws', '/real'] });
    expect([at('/ws', '/real'), at('/ws')]).toEqual(['allow', 'allow']);
    expect([at('/tmp/x'), at('/ws', '/tmp/x'), at('/ws/sub'), at('/ws/../x'), at()]).toEqual(Array(5).fill(undefined));
    expect(judgeAt([look], command('ls'))).toBeUndefined();
    const named = rule('allow', { kind: 'command', prefixes: [['ls']], directories: ['packages/**', '/opt'] });
    const inNamed = (...files: string[]) => verdictOf([named], command('ls'), { files, roots: ['/ws'] });
    expect([inNamed('/ws/packages/a'), inNamed('/opt/x')]).toEqual(['allow', 'allow']);
    expect([inNamed('/ws'), inNamed('/ws/packages/a', '/tmp/x'), inNamed('/optional')]).toEqual(
      Array(3).fill(undefined),
    );
    expect(verdictOf([commands('deny', [['ls']])], command('ls'), { files: [], roots: [] })).toBe('deny');
  });

  it.each(['ls', 'ls -la /etc', 'git status', 'ls && git status; ls | ls', 'git log -1 --oneline', "'ls'", 'ls *.ts'])(
    'allows %j',
    (line) => {
      expect(verdictOf([look], command(line))).toBe('allow');
    },
  );

  it.each([
    ['ls; rm -rf /'],
    ['ls && rm x'],
    ['ls || rm x'],
    ['ls\nrm x'],
    ['ls | sh'],
    ['ls & rm x'],
    ['ls |& sh'],
    ['ls $(rm x)'],
    ['ls "$(rm x)"'],
    ['ls `rm x`'],
    ['ls <(rm x)'],
    ['ls > f'],
    ['ls >| f'],
    ['ls <<E\nE\nrm x'],
    ['FOO=bar ls'],
    ['ls; LD_PRELOAD=./x.so ls'],
    ['env ls'],
    ['command ls'],
    ['sudo ls'],
    ['sh -c ls'],
    ['/bin/ls'],
    ['./ls'],
    ['ls\\\n; rm x'],
    ['\\ls'],
    ['{ ls; rm x; }'],
    ['{ls,rm}'],
    ['(ls; rm x)'],
    ['! ls'],
    ['if ls; then ls; fi'],
    ['ls # ; rm'],
    ['ls() { rm x; }; ls'],
    ['l*'],
    ['l?'],
    ['lѕ'],
    ['ls\u00a0-l'],
    ['ｌｓ'],
    ['ls；rm x'],
    ['LS'],
    ['lsx'],
    ['git'],
    ['git -c alias.status=!sh status'],
    ["git -c 'alias.status=!sh' status"],
    ['git -C /etc status'],
    ['git s*'],
    ['git {status,push}'],
    ["'git status'"],
    ['git log -10'],
    ['git log'],
    ['/bin/bash -lc "ls"'],
    [''],
    [' '],
  ])('does not allow %j', (line) => {
    expect(judge([look], command(line))).toBeUndefined();
  });

  it('allows a line only for what each of its commands begins with', () => {
    const word = fc.stringMatching(/^[a-z]{1,4}$/);
    const simple = fc.array(word, { minLength: 1, maxLength: 3 });
    const property = fc.property(
      fc.array(simple, { minLength: 1, maxLength: 3 }),
      fc.array(simple, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(';', '&&', '|', '\n'),
      (prefixes, lines, operator) => {
        const reserved = /^(in|do|if|fi|for|case|done|elif|else|esac|end|then|time)$/;
        fc.pre(lines.every(([first = '']) => !reserved.test(first)));
        const line = lines.map((words) => words.join(' ')).join(` ${operator} `);
        const begins = (words: string[]) => prefixes.some((prefix) => prefix.every((w, i) => words[i] === w));
        expect(verdictOf([commands('allow', prefixes)], command(line))).toBe(lines.every(begins) ? 'allow' : undefined);
      },
    );
    fc.assert(property);
  });

  it('allows no line with a character that a shell reads in its own way, wherever it stands', () => {
    const special = fc.constantFrom(...'$`\\<>&(){}#!\r\0^\u00a0');
    const at = fc.nat({ max: 12 });
    fc.assert(
      fc.property(special, at, (character, index) => {
        const line = `ls -la /src; ls`;
        const attacked = line.slice(0, index) + character + line.slice(index);
        expect(judge([look], command(attacked))).toBeUndefined();
      }),
    );
  });

  it.each(['input', 'network', 'permissions', 'other'] as const)(
    'allows nothing that is not about running a command: %s',
    (beyond) => {
      const all = rule('allow', { kind: 'tool', tools: ['command'] }, { sandboxed: 'any' });
      expect(judge([look, all], command('ls', { beyond }))).toBeUndefined();
      expect(verdictOf([commands('deny', [['ls']])], command('ls', { beyond }))).toBe('deny');
    },
  );

  it.each(['rm x', 'ls && /bin/rm x', 'ls $(rm x)', 'FOO=1 rm x', 'bash -c "rm x"', 'ls > f; rm f'])(
    'denies wherever its words occur: %j',
    (line) => {
      expect(verdictOf([commands('deny', [['rm']]), look], command(line))).toBe('deny');
    },
  );
});

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
