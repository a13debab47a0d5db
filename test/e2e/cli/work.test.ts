import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fail, hang, say, shell } from '../../../src/testing/step.ts';
import { until } from '../../support/processes.ts';
import { makeRepository } from '../../support/repository.ts';
import { type CommandOptions, makeCommandPlace, runCommand, startCommand } from './command.ts';

/** The smallest picture there is. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('run', () => {
  it('works in the directory it is called from, and says what changed there', async () => {
    const place = await makeCommandPlace([shell('echo made > made.txt; rm old.txt'), say('Done.')]);
    writeFileSync(join(place.workspace, 'old.txt'), 'old\n');
    const { code, stdout } = await runCommand(place, ['run', ...place.provider, 'Do', 'it']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n {2}\+ made\.txt\n {2}- old\.txt\n {2}in \S+workspace\n$/);
    expect(place.model.requests[0]?.userText).toBe('Do it');
  });

  it('exits with 1 when the turn fails, says why, and keeps what was done', async () => {
    const place = await makeCommandPlace([shell('echo made > made.txt'), fail('context_length_exceeded', 'too long')]);
    const { code, stdout } = await runCommand(place, ['run', ...place.provider, 'Do it']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ failed · [\s\S]*Start a new run[\s\S]*\(turn-failed\)[\s\S]*\+ made\.txt/);
  });

  it.each<[string, readonly string[], CommandOptions]>([
    ['without an argument', [], { input: 'From standard input\n' }],
    ['named -', ['-'], { input: 'From standard input\n' }],
  ])('reads its message from standard input: %s', async (_what, argv, options) => {
    const place = await makeCommandPlace([say('Read.')]);
    const { code } = await runCommand(place, ['run', ...place.provider, ...argv], options);
    expect(code).toBe(0);
    expect(place.model.requests[0]?.userText).toBe('From standard input');
  });

  it('tells the second one in a directory who works there, and goes on beside it elsewhere', async () => {
    const place = await makeCommandPlace([hang()]);
    const first = startCommand(place, ['run', ...place.provider, 'Do it']);
    await until(() => place.model.requests.length > 0, 'a request of the first run');
    const second = await startCommand(place, ['run', ...place.provider, 'Do it too']).ended;
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(
      /^error: the run run-\w+ works in this directory since .*\n.*--worktree.*\n.*\(workspace-busy\)/,
    );
    const demo = await startCommand(place, ['demo', '--yes']).ended;
    expect(demo).toMatchObject({ code: 0, stderr: '' });
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(130);
  });
});

describe('the workspace of run', () => {
  it('is a worktree with --worktree, whose branch and commit hold the work', async () => {
    const place = await makeCommandPlace([shell('echo made > made.txt'), say('Done.')]);
    const { root, git } = makeRepository();
    const options = { cwd: root };
    const { code, stdout } = await runCommand(place, ['run', ...place.provider, '--worktree', 'Do it'], options);
    expect(code).toBe(0);
    const [, branch = '', commit = ''] =
      /\+ made\.txt\n {2}on branch (\S+) as commit (\w{12})\n {2}of (\S+)\n$/.exec(stdout) ?? [];
    expect(git('rev-parse', branch)).toMatch(new RegExp(`^${commit}`));
    expect(git('show', `${branch}:made.txt`)).toBe('made');
    expect(git('status', '--porcelain')).toBe('');
    expect(existsSync(join(root, 'made.txt'))).toBe(false);
  });

  it('is a new directory with --fresh, which stays', async () => {
    const place = await makeCommandPlace([shell('ls -A; echo made > made.txt'), say('Done.')]);
    writeFileSync(join(place.workspace, 'mine.txt'), 'mine\n');
    const { code, stdout } = await runCommand(place, ['run', ...place.provider, '--fresh', 'Do it']);
    expect(code).toBe(0);
    expect(stdout).not.toContain('mine.txt');
    const fresh = /\n {2}in (.*)\n$/.exec(stdout)?.[1] ?? '';
    expect(readFileSync(join(fresh, 'made.txt'), 'utf8')).toBe('made\n');
  });
});

describe('what goes into a run', () => {
  it('is a picture with --image', async () => {
    const place = await makeCommandPlace([say('Seen.')]);
    writeFileSync(join(place.workspace, 'pixel.png'), PIXEL);
    const { code } = await runCommand(place, ['run', ...place.provider, '--image', 'pixel.png', 'Look']);
    expect(code).toBe(0);
    expect(JSON.stringify(place.model.requests[0]?.body)).toContain('"input_image"');
  });

  it('is a schema with --output-schema, and its answer is read', async () => {
    const place = await makeCommandPlace([say('{"n": 42}')]);
    const schema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] };
    writeFileSync(join(place.workspace, 'schema.json'), JSON.stringify(schema));
    const argv = ['run', ...place.provider, '--output-schema', 'schema.json', '--json', 'Count'];
    const { code, stdout } = await runCommand(place, argv);
    expect(code).toBe(0);
    const last = stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ outcome: { output: { n: 42 } } });
    expect(place.model.requests[0]?.body.text).toMatchObject({ format: { type: 'json_schema', schema } });
  });

  it("is a provider's key with --provider-key, which nobody sees but the provider", async () => {
    const place = await makeCommandPlace([shell('env'), say('Done.')]);
    const argv = ['run', ...place.provider, '--provider-key', 'MY_KEY', '--json', 'Do it'];
    const { code, stdout, stderr } = await runCommand(place, argv, { env: { MY_KEY: 'key-canary' } });
    expect(code).toBe(0);
    expect(place.model.requests[0]?.headers.authorization).toBe('Bearer key-canary');
    expect(stdout + stderr).not.toContain('canary');
    expect(stdout).toContain('key from MY_KEY');
  });

  it('is a directory with --allow-dir, to write or only to read', async () => {
    const place = await makeCommandPlace([
      shell('echo made > ../shared/made; cat ../docs/read; echo made > ../docs/made'),
      say('Done.'),
    ]);
    const [shared, docs] = [join(place.home, '../shared'), join(place.home, '../docs')];
    for (const directory of [shared, docs]) mkdirSync(directory);
    writeFileSync(join(docs, 'read'), 'read-me\n');
    const dirs = ['--allow-dir', '../shared', '--allow-dir', '../docs:ro'];
    const { code, stdout } = await runCommand(place, ['run', ...place.provider, ...dirs, 'Do it']);
    expect(code).toBe(0);
    expect(stdout).toContain('│ read-me');
    expect(existsSync(join(shared, 'made'))).toBe(true);
    expect(existsSync(join(docs, 'made'))).toBe(false);
  });

  it('is a list of hosts with --network, and a sandbox with --sandbox', async () => {
    const place = await makeCommandPlace([shell('echo made > made.txt'), say('Done.')]);
    const hosts = await runCommand(place, ['run', ...place.provider, '--network', 'a.example,*.b.example', '--', 'Go']);
    expect(hosts.code).toBe(0);
    expect(hosts.stdout).toContain('workspace-write, a.example, *.b.example · asks: on-request');
    const second = await makeCommandPlace([shell('echo made > made.txt'), say('Done.')]);
    const { stdout } = await runCommand(second, ['run', ...second.provider, '--sandbox', 'read-only', 'Go']);
    expect(stdout).toContain('read-only, no network');
    expect(existsSync(join(second.workspace, 'made.txt'))).toBe(false);
  });
});
