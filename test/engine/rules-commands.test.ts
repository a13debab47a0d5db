import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge as judgeAt } from '../../src/engine/rules.ts';
import { command, commands, judge, rule, verdictOf } from '../support/rules.ts';

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

  it('allows no argument more where it says so, since some make a program execute another one', () => {
    const fetch = rule('allow', { kind: 'command', prefixes: [['git', 'fetch', 'origin']], exactly: true });
    const said = (line: string) => verdictOf([fetch], command(line));
    expect([said('git fetch origin'), said('git fetch origin; git fetch origin')]).toEqual(['allow', 'allow']);
    expect(said("git fetch origin --upload-pack='touch x; git-upload-pack'")).toBeUndefined();
    expect(said('git fetch')).toBeUndefined();
    expect(said('git fetch origin; git fetch origin main')).toBeUndefined();
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
