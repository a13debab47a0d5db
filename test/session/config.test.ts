import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import { OptioError } from '../../src/errors.ts';
import { checkConfig, specOf } from '../../src/session/config.ts';

const SPEC: RunSpec = { instructions: 'Do it', workspace: { directory: '/repo' } };
const FULL = { sandbox: 'danger-full-access' } as const;
const PROVIDER = { baseUrl: 'http://127.0.0.1:1/v1' };

function refusal(spec: Partial<RunSpec>): OptioError {
  try {
    checkConfig({ ...SPEC, ...spec });
  } catch (error) {
    if (error instanceof OptioError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('checkConfig', () => {
  it('fills in what was not said', () => {
    expect(checkConfig(SPEC)).toEqual({
      ...SPEC,
      autoStart: false,
      endRule: 'told',
      sandbox: 'workspace-write',
      isolation: 'standard',
      networkAccess: false,
      permissionGate: false,
      approvalPolicy: 'never',
    });
  });

  it('asks on request where somebody is there, and as told otherwise', () => {
    expect(checkConfig({ ...SPEC, permissionGate: true }).approvalPolicy).toBe('on-request');
    const told = checkConfig({ ...SPEC, permissionGate: true, approvalPolicy: 'untrusted' });
    expect(told.approvalPolicy).toBe('untrusted');
  });

  it.each<[string, keyof RunSpec, Partial<RunSpec>, RegExp]>([
    ['a terminal', 'mode', { mode: 'terminal' }, /conversation/],
    ["the original's word for a terminal", 'mode', { mode: 'iframe' }, /conversation/],
    ['a start without words', 'instructions', { autoStart: true, instructions: ' \n' }, /autoStart/],
    ['an end with a turn that never comes', 'endRule', { endRule: 'firstTurn' }, /autoStart/],
    ['images without a first message', 'images', { images: ['/a.png'] }, /autoStart/],
    ['a schema without a first message', 'outputSchema', { outputSchema: {} }, /autoStart/],
    ['asking where nobody is', 'approvalPolicy', { approvalPolicy: 'on-request' }, /permissionGate/],
    ['a relative allowed directory', 'allowedDirs', { allowedDirs: [{ path: 'a', mode: 'ro' }] }, /Start it with/],
    ['the home of another', 'allowedDirs', { allowedDirs: [{ path: '~bob/a', mode: 'ro' }] }, /Start it with/],
    [
      'a writable directory in a read-only sandbox',
      'allowedDirs',
      { sandbox: 'read-only', allowedDirs: [{ path: '/a', mode: 'rwx' }] },
      /workspace-write/,
    ],
    ['a relative denied path', 'deniedPaths', { deniedPaths: ['secrets'] }, /Start it with/],
    ['a list of no hosts', 'networkAccess', { networkAccess: [] }, /false/],
    ['an address for a host', 'networkAccess', { networkAccess: ['https://a.org'] }, /hosts only/],
    ['a port at a host', 'networkAccess', { networkAccess: ['a.org:443'] }, /hosts only/],
    ['every host as one pattern', 'networkAccess', { networkAccess: ['*'] }, /hosts only/],
    ['a pattern in the middle of a host', 'networkAccess', { networkAccess: ['a.*.org'] }, /hosts only/],
    ['exposing where nothing is exposed', 'exposeLogin', { exposeLogin: true }, /Leave it out/],
    ['strict full access', 'isolation', { ...FULL, isolation: 'strict' }, /workspace-write/],
    ['full access with a list of hosts', 'networkAccess', { ...FULL, networkAccess: ['a.org'] }, /workspace-write/],
    ['full access without network', 'networkAccess', { ...FULL, networkAccess: false }, /workspace-write/],
    [
      'full access with allowed directories',
      'allowedDirs',
      { ...FULL, allowedDirs: [{ path: '/a', mode: 'ro' }] },
      /workspace-write/,
    ],
    ['full access with denied paths', 'deniedPaths', { ...FULL, deniedPaths: ['/a'] }, /workspace-write/],
    ['a name that is none', 'env', { env: { 'A B': 'c' } }, /letters/],
    ['our HOME', 'env', { env: { HOME: '/root' } }, /another name/],
    ["Codex's home", 'env', { env: { CODEX_HOME: '/root/.codex' } }, /another name/],
    ['our mark', 'env', { env: { OPTIO_CODEX_RUN: 'x' } }, /another name/],
    ['a library put before others', 'env', { env: { LD_PRELOAD: '/evil.so' } }, /another name/],
    ['a start-up file of the shell', 'env', { env: { BASH_ENV: '/evil.sh' } }, /another name/],
    ['a provider without a model', 'model', { provider: PROVIDER }, /Name one/],
    ['a seed and a pool', 'seedPool', { seedId: 'work', seedPool: 'team' }, /seedFallback/],
    ['others than no seed', 'seedFallback', { seedFallback: [{ seed: 'spare' }] }, /seedId or seedPool/],
    ['waiting for no seed', 'whenNoSeed', { whenNoSeed: 'wait' }, /seedId or seedPool/],
    ['the file of no seed', 'seedMode', { seedMode: 'file' }, /seedId or seedPool/],
    ['a seed for another provider', 'provider', { seedId: 'work', provider: PROVIDER, model: 'm' }, /Leave/],
  ])('refuses %s, naming %s', (_what, field, spec, remedy) => {
    const error = refusal(spec);
    expect(error).toMatchObject({ code: 'invalid-config', details: { field } });
    expect(error.message.startsWith(`${field}: `)).toBe(true);
    expect(error.remedy).toMatch(remedy);
  });

  it.each<[string, string, object]>([
    ['a misspelt field', 'config', { modle: 'm' }],
    ['a field within a field', 'provider.baseUrl', { provider: { baseUrl: 'nowhere' } }],
  ])('names %s of a spec that is no spec', (_what, field, spec) => {
    expect(refusal(spec)).toMatchObject({ code: 'invalid-config', details: { field } });
  });

  it.each<[string, Partial<RunSpec>]>([
    ['hosts, and subdomains of one', { networkAccess: ['localhost', 'a-b.example.org', '*.example.org', '10.0.0.1'] }],
    ['full access that says nothing of the network', FULL],
    ['full access with the network', { ...FULL, networkAccess: true }],
    ['exposing a login to full access', { ...FULL, exposeLogin: true }],
    ['reading besides a read-only workspace', { sandbox: 'read-only', allowedDirs: [{ path: '~/a', mode: 'rox' }] }],
    ['a policy that never asks, with or without a gate', { permissionGate: true, approvalPolicy: 'never' }],
    ['no words when nothing starts', { instructions: '' }],
    ['variables of any other name', { env: { HOMEPAGE: 'a', path: 'b', _: 'c' } }],
    ['a provider whose model is named', { provider: PROVIDER, model: 'm' }],
    ["a provider with the user's own model", { provider: PROVIDER, useConfig: ['model'] }],
    [
      'a seed with others',
      { seedId: 'work', seedFallback: [{ pool: 'team' }], whenNoSeed: 'refuse', seedMode: 'file' },
    ],
    ['a pool', { seedPool: 'team', whenNoSeed: 'wait' }],
  ])('accepts %s', (_what, spec) => {
    expect(checkConfig({ ...SPEC, ...spec })).toMatchObject(spec);
  });

  it('takes functions where a program makes it, and keeps them out of what is written down', () => {
    const functions = { seedId: () => 'work', onSeedSaved: () => {} };
    expect(checkConfig({ ...SPEC, ...functions, whenNoSeed: 'refuse' })).toMatchObject(functions);
    expect(specOf({ ...SPEC, ...functions, seedMode: 'file' })).toEqual({ ...SPEC, seedMode: 'file' });
    expect(specOf({ ...SPEC, seedId: 'work' })).toEqual({ ...SPEC, seedId: 'work' });
  });
});
