import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  escalate,
  pause,
  ScriptedModel,
  type ScriptedModelOptions,
  say,
  shell,
  usage,
} from '../../src/testing/index.ts';
import { testDirectory } from '../support/directories.ts';
import { until } from '../support/processes.ts';
import { makeRepository } from '../support/repository.ts';

const ROOT = join(import.meta.dirname, '..', '..');

interface Program {
  readonly child: ChildProcess;
  output(): string;
  readonly ended: Promise<number | null>;
}

/** Where examples run: a home and a data directory of their own, and a scripted model. */
async function makePlace(script: NonNullable<ScriptedModelOptions['script']>) {
  const root = testDirectory('examples');
  const [home, cwd] = [join(root, 'home'), join(root, 'work')];
  for (const directory of [home, cwd]) mkdirSync(directory);
  const model = await ScriptedModel.start({ script });
  onTestFinished(() => model.close());
  const env = { PATH: process.env.PATH, HOME: home, PROVIDER_URL: model.url, MODEL: 'scripted' };
  const start = (name: string, argv: readonly string[], input = '', where = cwd): Program => {
    const child = spawn(process.execPath, [join(ROOT, 'examples', name), ...argv], { cwd: where, env });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.stdin.on('error', () => {}).end(input);
    return { child, output: () => output, ended: new Promise((resolve) => child.once('close', resolve)) };
  };
  return { root, cwd, model, start };
}

beforeAll(() => {
  if (!existsSync(join(ROOT, 'dist'))) execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.cjs')]);
});

describe('examples/one-run.ts', () => {
  it('shows a run, and goes on with it when it was killed', async () => {
    const gate = Promise.withResolvers<void>();
    const { start, model } = await makePlace([
      say('I look first.'),
      shell('echo made > made.txt; echo looked'),
      pause(gate.promise),
      say('That is all.'),
    ]);
    const first = start('one-run.ts', ['Do', 'it']);
    await until(() => model.requests.length === 2, 'the output of the command');
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start('one-run.ts', ['Do', 'it']);
    await until(() => second.output().includes('taken up by another process'), 'the take-over');
    gate.resolve();
    expect(await second.ended).toBe(0);
    expect(second.output()).toMatch(
      /\$ echo made[^\n]*\nlooked\n[\s\S]*That is all\.\ndone, 300 tokens\s+added made\.txt\n$/,
    );
    expect(model.requests.map(({ userText }) => userText)).toEqual(['Do it', 'Do it']);
  });
});

describe('examples/nightly.ts', () => {
  it('reviews every repository in a run of its own, each once although it was killed in between', async () => {
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    const { root, cwd, model, start } = await makePlace(() =>
      asked++ === 0 ? [say('fine')] : [pause(gate.promise), say('look')],
    );
    const repositories = ['one', 'two'].map((name) => join(root, name));
    for (const directory of repositories) mkdirSync(directory);
    const first = start('nightly.ts', ['--now', ...repositories]);
    await until(() => model.requests.length === 2, 'both reviews');
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start('nightly.ts', ['--now', ...repositories]);
    gate.resolve();
    expect(await second.ended).toBe(0);
    const report = readFileSync(join(cwd, 'report.txt'), 'utf8');
    expect(report).toMatch(/one: (fine|look)\n.*two: (fine|look)\n$/);
    expect(second.output()).toContain(report.trimEnd());
    expect(model.requests).toHaveLength(2);
  });

  it('ends a review that uses more than its budget, says so in its line, and has the others go on', async () => {
    const commands = ['echo one', 'echo two', 'sleep 20'].map((command) => shell(command));
    const { root, cwd, model, start } = await makePlace(({ body }) => {
      if (!JSON.stringify(body).includes('/two</cwd>')) return [say('fine')];
      // Of much more at a time Codex would make a summary.
      return [usage({ input: 100_000 }), commands.shift() ?? say('Too much.')];
    });
    const repositories = ['one', 'two', 'three'].map((name) => join(root, name));
    for (const directory of repositories) mkdirSync(directory);
    const program = start('nightly.ts', ['--now', ...repositories]);
    expect(await program.ended).toBe(0);
    const [one, two, three] = readFileSync(join(cwd, 'report.txt'), 'utf8').split('\n');
    expect(two).toMatch(/two: failed, the run \S+ may not go on: its budget of 300000 tokens is used up$/);
    expect([one, three]).toEqual([expect.stringMatching(/one: fine$/), expect.stringMatching(/three: fine$/)]);
    expect(model.requests, 'nothing is asked after the last command').toHaveLength(5);
  });

  it('says when it begins, and waits for that', async () => {
    const { start } = await makePlace([]);
    const program = start('nightly.ts', []);
    await until(() => /nightly begins at \d{4}-\d\d-\d\dT0[45]:00:00/.test(program.output()), 'the time');
    program.child.kill('SIGINT');
    expect(await program.ended).toBe(0);
  });
});

describe('examples/approvals.ts', () => {
  it('answers by rule, and asks a person for the rest', async () => {
    const commands = ['git fetch origin', 'git push origin main', 'echo by hand > by-hand.txt'];
    const { start } = await makePlace([
      ...commands.map((command) => escalate(command, 'I need it.')),
      say('All done.'),
    ]);
    const { root, git } = makeRepository();
    git('remote', 'add', 'origin', root);
    const program = start('approvals.ts', ['Go'], 'yes\n', root);
    expect(await program.ended).toBe(0);
    expect(program.output()).toContain(
      [
        'allow, by rule fetching is fine',
        'deny, by rule nothing leaves',
        'allow "echo by hand > by-hand.txt"? (in the sandbox: no) [y/N] allow, by somebody at the terminal',
        'All done.',
        'done ',
      ].join('\n'),
    );
    expect(git('branch', '--remotes')).toContain('origin/');
    expect(readFileSync(join(root, 'by-hand.txt'), 'utf8')).toBe('by hand\n');
  });
});
