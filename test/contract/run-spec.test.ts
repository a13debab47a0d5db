import { describe, expect, it } from 'vitest';
import { type RunSpec, runSpecSchema } from '../../src/contract/run-spec.ts';

const SPEC: RunSpec = { instructions: 'Do it', workspace: { directory: '/repo' } };
const WHOLE: Required<RunSpec> = {
  ...SPEC,
  autoStart: true,
  images: ['/a.png'],
  outputSchema: { type: 'object' },
  endRule: 'firstTurn',
  workspace: { fresh: true, files: { 'a.txt': 'a' } },
  model: 'm',
  reasoningEffort: 'low',
  sandbox: 'workspace-write',
  isolation: 'strict',
  networkAccess: ['example.org'],
  allowedDirs: [{ path: '/data', mode: 'rox' }],
  deniedPaths: ['~/private'],
  permissionGate: true,
  approvalPolicy: 'untrusted',
  env: { A: 'b' },
  scrubEnv: ['AWS_*'],
  provider: { baseUrl: 'http://127.0.0.1:1/v1', keyVariable: 'KEY', name: 'mine', models: [{ id: 'm' }] },
  seedId: 'work',
  seedPool: 'team',
  seedFallback: [{ seed: 'spare' }, { pool: 'others' }],
  whenNoSeed: 'refuse',
  seedMode: 'file',
  useConfig: ['model', 'effort', 'mcp:docs'],
  exposeLogin: true,
  codexBinary: '/opt/codex',
  deadlines: { retryMs: 60_000 },
  mode: 'conversation',
};

/** Which field the schema is not content with. */
function faultOf(spec: object): string | undefined {
  return runSpecSchema.safeParse({ ...SPEC, ...spec }).error?.issues[0]?.path.join('.');
}

describe('runSpecSchema', () => {
  it('accepts a spec with every field', () => {
    expect(runSpecSchema.parse(WHOLE)).toEqual(WHOLE);
  });

  it('accepts each kind of workspace', () => {
    for (const workspace of [{ directory: '/a', shared: true }, { fresh: true }, { worktree: '/a' }]) {
      expect(faultOf({ workspace })).toBeUndefined();
    }
  });

  it.each([
    ['a field that it does not know', { modle: 'm' }, ''],
    ['an unknown field of a directory', { allowedDirs: [{ path: '/a', mode: 'ro', write: true }] }, 'allowedDirs.0'],
    ['an unknown field of the workspace', { workspace: { directory: '/a', clean: true } }, 'workspace'],
    ['two kinds of workspace at once', { workspace: { directory: '/a', worktree: '/a' } }, 'workspace'],
    ['no workspace', { workspace: undefined }, 'workspace'],
    ['an unknown field of the provider', { provider: { baseUrl: 'http://a/v1', key: 'sk-1' } }, 'provider'],
    ['a provider behind another protocol', { provider: { baseUrl: 'file:///etc/passwd' } }, 'provider.baseUrl'],
    [
      'a key in place of its name',
      { provider: { baseUrl: 'http://a', keyVariable: 'sk-1 2' } },
      'provider.keyVariable',
    ],
    ['an unknown way to ask', { approvalPolicy: 'on-failure' }, 'approvalPolicy'],
    ['an unknown sandbox', { sandbox: 'none' }, 'sandbox'],
    ['a part of the config that is not taken over', { useConfig: ['notify'] }, 'useConfig.0'],
    ['an empty model', { model: '' }, 'model'],
    ['a patience that no timer has', { deadlines: { retryMs: 2 ** 31 } }, 'deadlines.retryMs'],
    ['a ping that no timer has', { deadlines: { pingMs: 2 ** 31 } }, 'deadlines.pingMs'],
    ['a wait for an answer that no timer has', { deadlines: { answerMs: 2 ** 31 } }, 'deadlines.answerMs'],
    ['a silence that no timer has', { provider: { baseUrl: 'http://a', silenceMs: 2 ** 31 } }, 'provider.silenceMs'],
  ])('refuses %s', (_what, spec, field) => {
    expect(faultOf(spec)).toBe(field);
  });
});
