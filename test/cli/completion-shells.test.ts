import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testDirectory } from '../support/directories.ts';
import { fakePath } from '../support/fakes.ts';
import { skipFor } from '../support/privileges.ts';
import { RUN_ID } from '../support/run-summary.ts';

/** Where the words on the path lead to a command of ours, whose answers come from a script. */
function makePlace() {
  const directory = testDirectory('completion');
  const script = `#!/bin/sh\nexec '${process.execPath}' '${fakePath('completing-command.ts')}' "$@"\n`;
  writeFileSync(join(directory, 'optio-codex'), script, { mode: 0o755 });
  const env = { PATH: `${directory}:${process.env.PATH}`, HOME: directory, LANG: 'C.UTF-8' };
  return { directory, env };
}

const whyNo = (shell: string) => (spawnSync(shell, ['-c', 'true']).error ? `there is no ${shell} here` : undefined);

describe('the completion of Bash', () => {
  const LINES: readonly (readonly [line: string, words: readonly string[], offered: readonly string[]])[] = [
    ['optio-codex sched', ['optio-codex', 'sched'], ['schedules']],
    ['optio-codex completion ', ['optio-codex', 'completion', ''], ['bash', 'zsh']],
    ['optio-codex send ', ['optio-codex', 'send', ''], ['@last', RUN_ID, 'run-02bb000000000000', 'docs']],
    ['optio-codex send @la', ['optio-codex', 'send', '@', 'la'], ['last']],
    ['optio-codex approve req', ['optio-codex', 'approve', 'req'], ['request-5f0c000000000000']],
    ['optio-codex export --format=', ['optio-codex', 'export', '--format', '='], ['md', 'json']],
    ['optio-codex send -- x', ['optio-codex', 'send', '--', 'x'], []],
  ];

  it('offers what may follow, and evaluates nothing', () => {
    const { directory, env } = makePlace();
    // The words are those into which Bash itself would break the line.
    const asked = LINES.map(([line, words]) => {
      const [first, ...rest] = [line, ...words].map((word) => `'${word}'`);
      return `COMP_LINE=${first} COMP_POINT=${line.length} COMP_CWORD=${words.length - 1} COMP_WORDS=(${rest.join(' ')})
        _optio_codex optio-codex; printf '%s ' "\${COMPREPLY[@]}"; echo`;
    });
    const script = ['source <(optio-codex completion bash)', ...asked].join('\n');
    const stdout = execFileSync('bash', ['--norc', '-c', script], { env, cwd: directory, encoding: 'utf8' });
    const offered = stdout.split('\n').map((line) => line.split(' ').filter((word) => word !== ''));
    expect(offered.slice(0, -1)).toEqual(LINES.map(([, , words]) => words));
    expect(readdirSync(directory)).toEqual(['optio-codex']);
  });
});

describe('the completion of Zsh', () => {
  it('offers what may follow', ({ skip }) => {
    skipFor(whyNo('zsh'), skip);
    const { directory, env } = makePlace();
    const script = `autoload -Uz compinit && compinit -u -d ${directory}/dump; source <(optio-codex completion zsh)
      _describe() { printf '%s\\n' "\${found[@]}" }; _files() { print files }
      words=("$@") CURRENT=$#; _optio_codex`;
    const offered = (...words: string[]) =>
      execFileSync('zsh', ['-f', '-c', script, 'zsh', 'optio-codex', ...words], { env, encoding: 'utf8' }).trimEnd();
    expect(offered('sched')).toBe('schedules:Show where the schedules of tasks stand');
    expect(offered('send', '@')).toBe('@last:the newest run');
    expect(offered('task', 'add', '')).toBe('files');
  });
});

describe('__complete', () => {
  it('begins no server, and offers what it can without one', () => {
    const { directory, env } = makePlace();
    const main = join(import.meta.dirname, '../../src/cli/main.ts');
    const dataDir = join(directory, 'data');
    const complete = (line: string, piece: string) =>
      execFileSync(process.execPath, [main, '__complete', 'bash', '--', line, piece], {
        env: { ...env, OPTIO_CODEX_HOME: dataDir },
        encoding: 'utf8',
      });
    expect(complete('optio-codex send ', '')).toBe('');
    expect(complete('optio-codex interr', 'interr')).toBe('interrupt\n');
    expect(readdirSync(directory)).toEqual(['optio-codex']);
  });

  it('leaves a server alone that does not answer', () => {
    const { directory, env } = makePlace();
    const asked = ['__complete', 'bash', '--', 'optio-codex send ', ''];
    expect(
      execFileSync(join(directory, 'optio-codex'), asked, { env: { ...env, HANGS: 'yes' }, encoding: 'utf8' }),
    ).toBe('');
  });
});
