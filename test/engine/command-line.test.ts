import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mentions, parseCommandLine, type SimpleCommand } from '../../src/engine/command-line.ts';
import { testDirectory } from '../support/directories.ts';

const textsOf = (commands: readonly SimpleCommand[] | undefined) =>
  commands?.map((words) => words.map(({ text }) => text));

describe('a line of commands', () => {
  it.each([
    ['ls', [['ls']]],
    ['  git  status\t-s ', [['git', 'status', '-s']]],
    ['ls; pwd', [['ls'], ['pwd']]],
    ['ls;', [['ls']]],
    ['\nls\n\npwd\n', [['ls'], ['pwd']]],
    ['ls && pwd || id | wc -l', [['ls'], ['pwd'], ['id'], ['wc', '-l']]],
    ['ls &&\n pwd', [['ls'], ['pwd']]],
    [`echo 'a $(b) \\ ;' "c d" e'f'"g"`, [['echo', 'a $(b) \\ ;', 'c d', 'efg']]],
    [`echo '' ""`, [['echo', '', '']]],
    ["echo 'two\nlines' 'é'", [['echo', 'two\nlines', 'é']]],
    ['make CC=gcc --x=y', [['make', 'CC=gcc', '--x=y']]],
    ['cat ./a_b/c.ts:1 user@host:~ 100% +x', [['cat', './a_b/c.ts:1', 'user@host:~', '100%', '+x']]],
  ])('is read: %j', (line, commands) => {
    expect(textsOf(parseCommandLine(line))).toEqual(commands);
  });

  it('tells words that the shell may change from those that it gives on as they are', () => {
    const [words] = parseCommandLine(`ls src/*.ts '*' "?" ~ a[b] c`) ?? [];
    expect(words?.filter(({ isLiteral }) => !isLiteral).map(({ text }) => text)).toEqual(['src/*.ts', '~', 'a[b]']);
  });

  it.each([
    ['nothing', ''],
    ['blanks only', ' \n '],
    ['a substitution', 'ls $(rm x)'],
    ['one in quotes', 'ls "$(rm x)"'],
    ['backticks', 'ls `rm x`'],
    ['backticks in quotes', 'ls "`rm x`"'],
    ['a variable', 'ls $HOME'],
    ['a variable as the command', '$CMD'],
    ['quotes that are read for escapes', "ls $'\\x3b'"],
    ['arithmetic', 'ls $((1))'],
    ['a redirection', 'ls > f'],
    ['one without a blank', 'ls>f'],
    ['one of stderr', 'ls 2>&1'],
    ['an input', 'sh < f'],
    ['a heredoc', 'sh <<E\nrm x\nE'],
    ['a here-string', 'sh <<< "rm x"'],
    ['a process substitution', 'cat <(rm x)'],
    ['an assignment', 'FOO=bar ls'],
    ['an assignment alone', 'PATH=.'],
    ['an assignment of an element', 'a[0]=1 ls'],
    ['an assignment that adds', 'PATH+=:. ls'],
    ['an assignment behind an operator', 'ls; LD_PRELOAD=./x.so ls'],
    ['a subshell', '(rm x)'],
    ['a group', '{ rm x; }'],
    ['a brace expansion', 'ls {a,b}'],
    ['a brace expansion that is a command', '{rm,-rf,x}'],
    ['a function', 'ls() { rm x; }'],
    ['what runs in the background', 'ls & rm x'],
    ['what runs in the background at the end', 'ls &'],
    ['a pipe of both outputs', 'ls |& sh'],
    ['a comment', 'ls # rm x'],
    ['a negation', '! ls'],
    ['history', 'ls !!'],
    ['history in quotes', 'ls "!!"'],
    ['a backslash', 'l\\s'],
    ['a backslash in quotes', 'ls "\\""'],
    ['a line that goes on', 'ls \\\n-l'],
    ['a quote without an end', "ls 'x"],
    ['quotes without an end', 'ls "x'],
    ['an operator at the beginning', '; ls'],
    ['an operator at the end', 'ls &&'],
    ['two operators', 'ls ;; rm x'],
    ['two operators with a blank', 'ls && ; rm x'],
    ['a keyword', 'if ls; then rm x; fi'],
    ['a loop', 'for a in b; do rm x; done'],
    ['a keyword alone', 'time rm x'],
    ['a test', '[[ -f x ]]'],
    ['a pattern as the command', '/bin/r*'],
    ['a tilde as the command', '~/x'],
    ['a path of zsh', 'cat =ls'],
    ['a carriage return', 'ls\r'],
    ['a form feed', 'ls\fx'],
    ['a no-break space', 'ls\u00a0-l'],
    ['a letter that looks like another', 'lѕ'],
    ['a full-width semicolon', 'ls；rm'],
    ['a zero byte', 'ls \0'],
    ['a zero byte in quotes', "ls 'a\0b'"],
    ['a caret', 'ls ^a'],
  ])('is refused for %s', (_, line) => {
    expect(parseCommandLine(line)).toBeUndefined();
  });
});

describe('a line that is taken', () => {
  // Anything that might be read in two ways, besides commands that do not exist.
  const fragment = fc.constantFrom(
    ...['aa', 'bb', 'cc', 'dd', 'ee', 'ff', ' ', ' ', ' ', ' ', ' ', '-x', 'x.y', "'", "'", '"', '"', '\n', '\t', ';'],
    ...['&&', '||', '|', '&', '(', ')', '{', '}', '$', '`', '\\', '<', '>', '#', '!', '=', '*', '?', '[', ']', '~'],
    ...['%', '^', ',', ':', '@', '+', '\r', '\u00a0', 'é', 'if ', 'then ', 'fi', 'in', 'do ', 'done', 'time ', '$(bb)'],
    ...['"a b"', "'a; b'", "'$(bb)'", ' && ', ' | ', '; ', '$x', '{a,b}', '\\\n', 'x=1 ', 'function ', '[[ ', ' ]]'],
  );

  it('is nothing else to bash', { timeout: 120_000 }, () => {
    const directory = testDirectory('command-line');
    let taken = 0;
    const property = fc.property(fc.array(fragment, { minLength: 1, maxLength: 9 }), (fragments) => {
      const line = fragments.join('');
      const commands = parseCommandLine(line);
      // A path is not looked for, and a command of the shell's own does not tell us that it was run.
      if (!commands || commands.some(([first]) => !/^[a-z].*[^:]$/s.test(first?.text ?? ''))) return;
      taken++;
      const ran = [0, 1].flatMap((code) => runByBash(line, { code, directory }));
      const literally = commands.map((words) => words.map(({ text, isLiteral }) => (isLiteral ? text : null)));
      const same = (a: readonly (string | null)[], b: readonly string[]) =>
        a.length === b.length && a.every((text, index) => text === null || text === b[index]);
      expect(literally.filter((words) => !ran.some((argv) => same(words, argv)))).toEqual([]);
      expect(ran.filter((argv) => !literally.some((words) => same(words, argv)))).toEqual([]);
    });
    fc.assert(property, { numRuns: 4_000 });
    expect(taken).toBeGreaterThan(100);
  });

  it('may hold any text in quotes, which changes nothing', () => {
    const word = fc.string({ unit: 'binary' }).filter((text) => !/['\0]/.test(text));
    const command = fc.tuple(fc.constantFrom('ls', 'cat', './x'), fc.array(word));
    const operator = fc.constantFrom(';', '\n', ' && ', '|', '||');
    fc.assert(
      fc.property(fc.array(fc.tuple(command, operator), { minLength: 1 }), (parts) => {
        const expected = parts.map(([[name, words]]) => [name, ...words]);
        const line = parts
          .map(([[name, words], between], index) => {
            const quoted = [name, ...words.map((text) => `'${text}'`)].join(' ');
            return index < parts.length - 1 ? quoted + between : quoted;
          })
          .join('');
        expect(textsOf(parseCommandLine(line))).toEqual(expected);
      }),
    );
  });

  /** What bash runs when every command ends with this code: each of them does not exist, and is told to us instead. */
  function runByBash(line: string, { code, directory }: { code: number; directory: string }): string[][] {
    const tell = `command_not_found_handle() { printf '%s\\0' "$@" $'\\1' >&3; return ${code}; }\n`;
    const { output, signal } = spawnSync('/bin/bash', ['--norc', '--noprofile', '-c', tell + line], {
      cwd: directory,
      env: { PATH: '/nonexistent', HOME: '/nonexistent', LANG: 'C.UTF-8' },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      timeout: 30_000,
    });
    expect(signal).toBeNull();
    const told = String(output[3] ?? '');
    return told
      .split('\u0001\0')
      .slice(0, -1)
      .map((argv) => argv.split('\0').slice(0, -1));
  }
});

describe('words that are looked for', () => {
  it.each([
    ['rm x', ['rm']],
    ['ls && /bin/rm x', ['rm']],
    ['ls $(rm x)', ['rm']],
    ['ls `rm x`', ['rm']],
    ['bash -c "rm x"', ['rm']],
    ['"r"m x', ['rm']],
    ['r\\m x', ['rm']],
    ['r\\\nm x', ['rm']],
    ['FOO=rm; $FOO', ['rm']],
    ['env rm x', ['rm']],
    ['git -C /repo push --force', ['git', 'push']],
    ['cat <<E\nrm\nE', ['rm']],
    ['ls > f', ['>']],
  ])('are in %j: %j', (line, prefix) => {
    expect(mentions(line, prefix)).toBe(true);
  });

  it.each([
    ['ls', ['rm']],
    ['rmdir x', ['rm']],
    ['ls farm/x', ['rm']],
    ['push git', ['git', 'push']],
    ['git status', ['git', 'push']],
    ['ls', ['>']],
  ])('are not in %j: %j', (line, prefix) => {
    expect(mentions(line, prefix)).toBe(false);
  });
});
