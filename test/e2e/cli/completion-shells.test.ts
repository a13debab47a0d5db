import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testDirectory } from '../../support/directories.ts';
import { fakePath } from '../../support/fakes.ts';
import { skipFor } from '../../support/privileges.ts';
import { RUN_ID } from '../../support/run-summary.ts';

const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts');

/** Where the words on the path lead to a command of ours, whose answers come from a script. */
function makePlace() {
  const directory = testDirectory('completion');
  const script = `#!/bin/sh\nexec '${process.execPath}' '${fakePath('scripted-command.ts')}' "$@"\n`;
  writeFileSync(join(directory, 'optio-codex'), script, { mode: 0o755 });
  const env = { PATH: `${directory}:${process.env.PATH}`, HOME: directory, LANG: 'C.UTF-8' };
  return { directory, env };
}

const whyNo = (shell: string) => (spawnSync(shell, ['-c', 'true']).error ? `there is no ${shell} here` : undefined);

describe('the completion of Bash', () => {
  const LINES: readonly (readonly [line: string, replaced: string, offered: readonly string[]])[] = [
    ['optio-codex sched', 'sched', ['schedules']],
    ['optio-codex send ', '', ['@last', RUN_ID, 'run-02bb000000000000', 'docs']],
    ['optio-codex export --format=', '', ['md', 'json']],
  ];

  it('offers what may follow, and evaluates nothing', () => {
    const { directory, env } = makePlace();
    const asked = LINES.map(
      ([line, replaced]) => `COMP_LINE='${line}' COMP_POINT=${line.length}
        _optio_codex optio-codex '${replaced}'; printf '%s ' "\${COMPREPLY[@]}"; echo`,
    );
    const script = ['source <(optio-codex completion bash)', ...asked].join('\n');
    const stdout = execFileSync('bash', ['--norc', '-c', script], { env, cwd: directory, encoding: 'utf8' });
    const offered = stdout.split('\n').map((line) => line.split(' ').filter((word) => word !== ''));
    expect(offered.slice(0, -1)).toEqual(LINES.map(([, , words]) => words));
    expect(readdirSync(directory)).toEqual(['optio-codex']);
  });
});

describe('the completion of Bash for a function of the shell', () => {
  it('offers what may follow its name', () => {
    const { directory, env } = makePlace();
    const script = `oc() { optio-codex "$@"; }
      source <(oc completion bash --name oc)
      complete -p oc
      COMP_LINE='oc sched' COMP_POINT=8; _optio_codex oc sched; echo "\${COMPREPLY[@]}"`;
    const stdout = execFileSync('bash', ['--norc', '-c', script], { env, cwd: directory, encoding: 'utf8' });
    expect(stdout).toBe('complete -o default -F _optio_codex oc\nschedules\n');
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
  it('begins no server', () => {
    const { directory, env } = makePlace();
    const asked = [MAIN, '__complete', 'bash', '--', 'optio-codex send ', ''];
    const dataDir = join(directory, 'data');
    const given = { env: { ...env, OPTIO_CODEX_HOME: dataDir }, encoding: 'utf8' } as const;
    expect(execFileSync(process.execPath, asked, given)).toBe('');
    expect(existsSync(dataDir)).toBe(false);
  });

  it('leaves a server alone that does not answer', () => {
    const { directory, env } = makePlace();
    const asked = ['__complete', 'bash', '--', 'optio-codex send ', ''];
    expect(
      execFileSync(join(directory, 'optio-codex'), asked, { env: { ...env, HANGS: 'yes' }, encoding: 'utf8' }),
    ).toBe('');
  });
});
