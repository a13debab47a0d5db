import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addRunFlags, flagOf, type RunFlags, toRunSpec } from '../../../src/cli/flags/run-flags.ts';
import { type RunSpec, runSpecSchema } from '../../../src/contract/run-spec.ts';
import { checkConfig } from '../../../src/session/config.ts';
import { testDirectory } from '../../support/directories.ts';

const CWD = '/repo/here';

/** What `optio-codex run` makes of these words; throws what Commander would print. */
function parse(...argv: readonly string[]): RunSpec {
  const output: string[] = [];
  const command = addRunFlags(new Command('run').argument('[message...]'))
    .exitOverride()
    .configureOutput({ writeErr: (text) => output.push(text) });
  command.parse([...argv], { from: 'user' });
  return toRunSpec(command.args.join(' '), command.opts<RunFlags>(), CWD);
}

const PROVIDER = ['--provider', 'http://127.0.0.1:1/v1'];

describe('toRunSpec', () => {
  it('runs one turn in this directory, with a person to ask', () => {
    expect(parse('Do', 'it')).toEqual({
      instructions: 'Do it',
      autoStart: true,
      endRule: 'firstTurn',
      workspace: { directory: CWD },
      permissionGate: true,
    });
  });

  it.each<[string, string[], Partial<RunSpec>]>([
    ['a fresh directory', ['--fresh'], { workspace: { fresh: true } }],
    ['another directory', ['-C', '../up'], { workspace: { directory: '/repo/up' } }],
    ['another repository', ['-C', '/other', '--worktree'], { workspace: { worktree: '/other' } }],
    ['a worktree', ['--worktree'], { workspace: { worktree: CWD } }],
    ['a shared directory', ['--share'], { workspace: { directory: CWD, shared: true } }],
    ['a model', ['-m', 'm', '-e', 'high'], { model: 'm', reasoningEffort: 'high' }],
    ['a sandbox', ['--sandbox', 'read-only', '--strict'], { sandbox: 'read-only', isolation: 'strict' }],
    ['the whole network', ['--network'], { networkAccess: true }],
    ['some hosts', ['--network', 'a.org, *.b.org'], { networkAccess: ['a.org', '*.b.org'] }],
    ['a writable directory', ['--allow-dir', '../up'], { allowedDirs: [{ path: '/repo/up', mode: 'rw' }] }],
    [
      'several directories, each with its mode',
      ['--allow-dir', 'a:ro', '--allow-dir', '~/b:rox', '--allow-dir', '/c:d'],
      {
        allowedDirs: [
          { path: `${CWD}/a`, mode: 'ro' },
          { path: '~/b', mode: 'rox' },
          { path: '/c:d', mode: 'rw' },
        ],
      },
    ],
    ['denied paths', ['--deny-path', 'a', '--deny-path', '~/b'], { deniedPaths: [`${CWD}/a`, '~/b'] }],
    ['nobody to ask', ['--approve', 'never'], { approvalPolicy: 'never', permissionGate: false }],
    ['everything to be asked', ['--approve', 'untrusted'], { approvalPolicy: 'untrusted', permissionGate: true }],
    ['pictures', ['-i', 'a.png', '-i', '/b.png'], { images: [`${CWD}/a.png`, '/b.png'] }],
    ['parts of the own config', ['--use-config', 'model,mcp:docs'], { useConfig: ['model', 'mcp:docs'] }],
    ['a saved login', ['--seed', 'work', '--seed-file'], { seedId: 'work', seedMode: 'file' }],
    ['any login of a pool', ['--pool', 'team', '--refuse-without-seed'], { seedPool: 'team', whenNoSeed: 'refuse' }],
    ['a login, or one of a pool', ['--seed', 'a', '--pool', 'b'], { seedId: 'a', seedFallback: [{ pool: 'b' }] }],
    ['another codex', ['--codex', 'bin/codex'], { codexBinary: `${CWD}/bin/codex` }],
    [
      'an exposed login',
      ['--sandbox', 'danger-full-access', '--expose-login'],
      { sandbox: 'danger-full-access', exposeLogin: true },
    ],
    [
      'another provider',
      [...PROVIDER, '--provider-key', 'KEY', '--context-window', '32000', '-m', 'm'],
      { provider: { baseUrl: 'http://127.0.0.1:1/v1', keyVariable: 'KEY', contextWindow: 32_000 } },
    ],
  ])('makes a spec of %s that the session takes', (_what, argv, expected) => {
    const spec = parse('Do it', ...argv);
    expect(spec).toMatchObject(expected);
    expect(runSpecSchema.parse(spec)).toEqual(spec);
    expect(checkConfig(spec)).toMatchObject(expected);
  });

  it.each([
    [['--fresh', '--worktree'], /--fresh and --worktree exclude each other/],
    [['--fresh', '--share'], /--share is for a directory that is there already/],
    [['--fresh', '-C', '/app'], /--fresh and -C exclude each other/],
    [['--worktree', '--share'], /--share is for a directory that is there already/],
    [['--provider-key', 'KEY'], /--provider-key belongs to --provider/],
    [['--context-window', '8000'], /--context-window belongs to --provider/],
    [PROVIDER, /--provider needs a model/],
  ])('refuses %j', (argv, message) => {
    const refused = { code: 'invalid-input', message: expect.stringMatching(message) };
    expect(() => parse('Do it', ...argv)).toThrow(expect.objectContaining(refused));
  });

  it('wants no model for a provider where the own config names one', () => {
    expect(parse('Do it', ...PROVIDER, '--use-config', 'model').provider).toEqual({ baseUrl: PROVIDER[1] });
  });
});

describe('the flags of run', () => {
  it.each([
    [['--network', 'Fix the tests'], /`Fix the tests` was taken as a host .* put the message before it/],
    [['--network', 'https://x.org/'], /Give the host only: x\.org\./],
    [['--network', 'a.org,,b.org'], /"" is not a valid host/],
    [['--context-window', 'many'], /"many" is not a valid number of tokens/],
    [['--context-window', '-1'], /not a valid number of tokens/],
    [['--sandbox', 'none'], /Allowed choices are read-only/],
    [['--approve', 'on-failure'], /Allowed choices are untrusted/],
    [['--nonsense'], /unknown option/],
    [['--model'], /argument missing/],
  ])('are refused in plain words: %j', (argv, message) => {
    expect(() => parse(...argv)).toThrow(message);
  });

  it('let a message follow the network after --', () => {
    expect(parse('--network', '--', 'Fix', 'it')).toMatchObject({ instructions: 'Fix it', networkAccess: true });
  });
});

describe('--output-schema', () => {
  it('reads the schema of the answer', () => {
    const file = join(testDirectory(), 'schema.json');
    writeFileSync(file, '{"type":"object"}');
    expect(parse('Do it', '--output-schema', file).outputSchema).toEqual({ type: 'object' });
  });

  it.each([
    ['broken JSON', '{"type":', /is not a valid JSON schema: .*JSON/],
    ['a list', '[]', /is not a valid JSON schema: it is not an object/],
    ['nothing', 'null', /is not a valid JSON schema: it is not an object/],
    ['a file that is not there', undefined, /--output-schema: there is no .+/],
  ])('refuses %s, and says why', (_what, text, message) => {
    const file = join(testDirectory(), 'schema.json');
    if (text !== undefined) writeFileSync(file, text);
    const refused = { code: 'invalid-input', message: expect.stringMatching(message) };
    expect(() => parse('Do it', '--output-schema', file)).toThrow(expect.objectContaining(refused));
  });
});

describe('flagOf', () => {
  it.each([
    ['model', '--model'],
    ['provider.keyVariable', '--provider-key'],
    ['provider.baseUrl', '--provider'],
    ['useConfig.0', '--use-config'],
    ['instructions', undefined],
    ['__proto__', undefined],
  ])('knows by which flag %s is said', (field, flag) => {
    expect(flagOf(field)).toBe(flag);
  });
});
