import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Outlet } from '../../src/cli/outlet.ts';
import { main } from '../../src/cli/program.ts';

/** Runs the command line and gives its exit code and what it says, on streams of its own: it listens to them for good. */
async function run(...argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  vi.stubEnv('FORCE_COLOR', '0');
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const surroundings = { output: new Outlet(stdout), complaints: new Outlet(stderr) };
  const code = await main(['node', 'optio-codex', ...argv], surroundings);
  return { code, stdout: await text(stdout.end()), stderr: await text(stderr.end()) };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('main', () => {
  it('tells its version', async () => {
    const { code, stdout } = await run('--version');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  const VERBS = {
    'Runs:':
      'run attach ps search show logs wait send queue interrupt pause resume finish cancel retry archive unarchive rm export files diff model budget',
    'Requests:': 'requests approve deny answer',
    'Tasks:': 'tasks task launch schedules block blocks unblock',
    'Server and machine:': 'serve stop models page token seed doctor demo scripted-model completion',
  };

  it('lists its verbs by what they are for, and no others', async () => {
    const { stdout } = await run('--help');
    for (const [heading, verbs] of Object.entries(VERBS)) {
      const [, section = ''] = stdout.split(`\n${heading}\n`);
      const listed = [...(section.split('\n\n')[0] ?? '').matchAll(/^ {2}(\S+)/gm)].map(([, verb]) => verb);
      expect(listed).toEqual(verbs.split(' '));
    }
    expect(stdout).not.toContain('__complete');
  });

  it.each(Object.values(VERBS).flatMap((verbs) => verbs.split(' ')))('helps with %s', async (verb) => {
    const { code, stdout } = await run(verb, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: optio-codex ${verb}`);
    if (!['task', 'token', 'seed'].includes(verb)) expect(stdout).toContain('--json');
  });

  it('gives what a shell needs as JSON too', async () => {
    const { code, stdout } = await run('completion', 'bash', '--json');
    expect({ code, said: JSON.parse(stdout) }).toEqual({
      code: 0,
      said: { shell: 'bash', script: (await run('completion', 'bash')).stdout },
    });
  });

  it('helps, and tells its exit codes, that of a missing login too', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: optio-codex');
    expect(stdout).toContain('Exit codes: 0 done, 1 failed, 2 used wrongly or not logged in, 130 cancelled.');
  });

  it.each([
    ['an unknown command', ['rum', 'Do it'], /unknown command/],
    ['an unknown flag', ['run', '--modle', 'm', 'Do it'], /unknown option/],
    ['a message in the place of hosts', ['run', '--network', 'Do it'], /put the message before it/],
    ['flags that exclude each other', ['run', '--fresh', '--worktree', 'Do it'], /exclude each other/],
  ])('exits with 2 after %s', async (_what, argv, message) => {
    const { code, stderr } = await run(...argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('says what is wrong, what to do, and the code to look it up by', async () => {
    const { code, stderr } = await run('run', '--provider-key', 'KEY', 'Do it');
    expect(code).toBe(2);
    expect(stderr).toBe('error: --provider-key belongs to --provider\n  Name the provider too.\n  (invalid-input)\n');
  });
});
