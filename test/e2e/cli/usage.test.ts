import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OLD_NODE, oldVersion, whyNoOldNode } from '../../support/old-node.ts';
import { skipFor } from '../../support/privileges.ts';
import { MAIN, makeCommandPlace, ROOT, runCommand } from './command.ts';

/** A provider that nobody gets to ask. */
const LOCAL = ['--provider', 'http://provider.invalid', '--model', 'm', 'x'];

describe('the command, used wrongly', () => {
  it.each([
    ['an unknown command', ['rum', 'x'], /unknown command/],
    ['an unknown flag', ['run', '--modle', 'm', 'x'], /unknown option/],
    ['an unknown sandbox', ['run', '--sandbox', 'none', 'x'], /Allowed choices are read-only/],
    ['a message in the place of hosts', ['run', '--network', 'Do it'], /put the message before it/],
    ['a word in the place of hosts', ['run', '--network', 'hi'], /nothing to do\n {2}`hi` was taken as a host/],
    ['a part that is not taken over', ['run', '--use-config', 'bla', 'x'], /^error: --use-config: it has to be/],
    ['two workspaces', ['run', '--fresh', '--worktree', 'x'], /exclude each other\n {2}Leave out one of them/],
    ['a key without its provider', ['run', '--provider-key', 'K', 'x'], /Name the provider too/],
    [
      'a schema that is missing',
      ['run', '--output-schema', 'none.json', 'x'],
      /there is no .*none\.json\n {2}Name a file/,
    ],
    ['a schema that is no JSON', ['run', '--output-schema', 'bad.json', 'x'], /bad\.json is not a valid JSON schema/],
    ['a picture that is missing', ['run', '--image', 'none.png', ...LOCAL], /none\.png.*\n {2}Check the path/],
    [
      'a provider that is no address',
      ['run', '--provider', 'nonsense', '-m', 'm', 'x'],
      /^error: --provider: it is not a valid address, .*\n.*\n {2}\(invalid-input: --provider\)/,
    ],
    ['a provider without a model', ['run', '--provider', 'http://provider.invalid', 'x'], /Add --model NAME/],
    ['a directory that is missing', ['run', '--allow-dir', '/nowhere', ...LOCAL], /there is no \/nowhere/],
    ['a context window without a number', ['run', '--context-window', 'big', ...LOCAL], /not a valid number of tokens/],
  ])('exits with 2 after %s', async (_what, argv, message) => {
    const place = await makeCommandPlace();
    writeFileSync(join(place.workspace, 'bad.json'), '{ no');
    const { code, stdout, stderr } = await runCommand(place, argv);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('names the ways to a login, and the demo, when there is none', async () => {
    const place = await makeCommandPlace();
    const { code, stderr } = await runCommand(place, ['run', 'Say hello']);
    for (const way of ['--provider', 'OPENAI_API_KEY', 'codex', 'demo']) expect(stderr).toContain(way);
    expect(stderr.match(/login-missing/g)).toHaveLength(1);
    expect(code).toBe(2);
  });

  it('says which variable holds no key', async () => {
    const place = await makeCommandPlace();
    const { code, stderr } = await runCommand(place, ['run', ...place.provider, '--provider-key', 'MY_KEY', 'Hello']);
    expect(stderr).toMatch(/MY_KEY is not set/);
    expect(code).toBe(2);
  });

  it('wants a message', async () => {
    const place = await makeCommandPlace();
    const { code, stderr } = await runCommand(place, ['run', ...place.provider], { input: ' \n' });
    expect(stderr).toMatch(/standard input holds no message/);
    expect(code).toBe(2);
  });
});

describe('the command, asked about itself', () => {
  it('tells its version and helps', async () => {
    const place = await makeCommandPlace();
    expect(await runCommand(place, ['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    const { code, stdout } = await runCommand(place, ['run', '--help']);
    expect(code).toBe(0);
    for (const flag of ['--fresh', '--worktree', '--model', '--sandbox', '--network', '--allow-dir', '--json'])
      expect(stdout).toContain(flag);
  });

  it('says in one sentence that a Node is too old', ({ skip }) => {
    skipFor(whyNoOldNode, skip);
    // This Node reads no TypeScript: the types are taken out as the build does it, and the check stays as it is.
    const code = 'process.argv[1]';
    const script = execFileSync(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { readFileSync } from 'node:fs'; import { stripTypeScriptTypes } from 'node:module';
       process.stdout.write(stripTypeScriptTypes(readFileSync(${code}, 'utf8')))`,
      MAIN,
    ]);
    const { status, stderr } = spawnSync(OLD_NODE, ['--input-type=module', '-'], { input: script, cwd: ROOT });
    expect(String(stderr)).toBe(
      `optio-codex needs Node 24 or newer; this is ${oldVersion}. Install it, or use npx node@24.\n`,
    );
    expect(status).toBe(2);
  });
});
