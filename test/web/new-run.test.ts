import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import type { RunDetails } from '../../src/contract/run-summary.ts';
import { OptioError } from '../../src/errors.ts';
import { type Draft, EMPTY_DRAFT } from '../../web/src/new-run/draft.ts';
import { draftOfRun, draftOfTask } from '../../web/src/new-run/draft-of-run.ts';
import { placeOf, problemsOf, problemsOfError, shownProblems } from '../../web/src/new-run/problems.ts';
import { optionsOf, specOf } from '../../web/src/new-run/spec-of-draft.ts';

const PLAIN: Draft = { ...EMPTY_DRAFT, prompt: 'Mend the tests' };

describe('a run that is typed', () => {
  it('asks for a sensible run where only the prompt was typed', () => {
    expect(specOf(PLAIN)).toEqual({
      instructions: 'Mend the tests',
      autoStart: true,
      endRule: 'told',
      workspace: { fresh: true },
      sandbox: 'workspace-write',
      isolation: 'standard',
      networkAccess: false,
      permissionGate: true,
      approvalPolicy: 'on-request',
    });
    expect(optionsOf(PLAIN)).toEqual({});
    expect(problemsOf(PLAIN)).toEqual({});
  });

  it('takes numbers as people write them, and minutes as milliseconds', () => {
    const draft: Draft = {
      ...PLAIN,
      tokens: '1,000,000',
      minutes: '1.5',
      end: 'after',
      endMinutes: '90',
      priority: '-2',
    };
    expect(optionsOf(draft)).toEqual({
      budget: { tokens: 1_000_000, wallMs: 90_000, onReached: 'pause' },
      priority: -2,
    });
    expect(specOf(draft).endRule).toEqual({ afterMs: 5_400_000 });
  });

  it('asks for nothing that full access contradicts', () => {
    const draft: Draft = {
      ...PLAIN,
      sandbox: 'danger-full-access',
      isolation: 'strict',
      network: 'hosts',
      hosts: 'example.org',
      exposesLogin: true,
    };
    const spec = specOf(draft);
    expect(spec).toMatchObject({ sandbox: 'danger-full-access', exposeLogin: true });
    expect(spec).not.toHaveProperty('isolation');
    expect(spec).not.toHaveProperty('networkAccess');
    expect(specOf({ ...draft, sandbox: 'read-only' })).not.toHaveProperty('exposeLogin');
  });

  it('may insist with another provider too, and need not: only the server knows what is saved there', () => {
    const other = { provider: 'other', providerUrl: 'http://127.0.0.1:1/v1', model: 'm' } as const;
    const draft: Draft = { ...PLAIN, ...other, sandbox: 'danger-full-access' };
    expect(problemsOf(draft)).toEqual({});
    expect(specOf(draft)).not.toHaveProperty('exposeLogin');
    expect(specOf({ ...draft, exposesLogin: true })).toMatchObject({ exposeLogin: true });
  });

  it('asks for the login that was chosen, and for none where another provider serves the model', () => {
    const seed: Draft = { ...PLAIN, login: 'seed', seed: ' work ', pool: 'team' };
    expect(specOf(seed)).toMatchObject({ seedId: 'work', whenNoSeed: 'wait' });
    expect(specOf(seed)).not.toHaveProperty('seedPool');
    const pool: Draft = { ...seed, login: 'pool', whenNoSeed: 'refuse' };
    expect(specOf(pool)).toMatchObject({ seedPool: 'team', whenNoSeed: 'refuse' });
    expect(specOf(pool)).not.toHaveProperty('seedId');
    expect(problemsOf(pool)).toEqual({});
    const more: Draft = { ...pool, seedFallback: 'spare, pool:other', seedMode: 'file' };
    const seedFallback = [{ seed: 'spare' }, { pool: 'other' }];
    expect(specOf(more)).toMatchObject({ seedPool: 'team', seedFallback, seedMode: 'file' });
    expect(problemsOf(more)).toEqual({});
    const other = specOf({ ...more, provider: 'other', providerUrl: 'http://127.0.0.1:1/v1', model: 'm' });
    for (const name of ['seedId', 'seedPool', 'whenNoSeed', 'seedFallback', 'seedMode'])
      expect(other).not.toHaveProperty(name);
  });

  it.each<[string, Partial<Draft>, string]>([
    ['no prompt', { prompt: ' \n' }, 'prompt'],
    ['no directory', { workspace: 'worktree' }, 'directory'],
    ['a directory from nowhere', { workspace: 'directory', directory: 'project' }, 'directory'],
    ['no host', { network: 'hosts' }, 'hosts'],
    ['half a turn', { turns: '0.5' }, 'turns'],
    ['no number', { tokens: 'many' }, 'tokens'],
    ['a time without a length', { end: 'after' }, 'endMinutes'],
    ['a longer time than a timer waits', { end: 'after', endMinutes: '99999' }, 'endMinutes'],
    ['a provider without a model', { provider: 'other', providerUrl: 'http://127.0.0.1:1/v1' }, 'model'],
    ['an address that is none', { provider: 'other', providerUrl: 'ftp://x', model: 'm' }, 'providerUrl'],
    [
      'a variable that is none',
      { provider: 'other', providerUrl: 'http://x/v1', model: 'm', providerKey: 'A B' },
      'providerKey',
    ],
    ['no seed', { login: 'seed' }, 'seed'],
    ['a seed whose name is none', { login: 'seed', seed: 'My login' }, 'seed'],
    ['a fallback that is none', { login: 'seed', seed: 'work', seedFallback: 'pool:' }, 'seedFallback'],
    ['no pool', { login: 'pool', seed: 'work' }, 'pool'],
    ['a login that is not given away', { sandbox: 'danger-full-access' }, 'exposesLogin'],
    ['a tag without a value', { tags: 'team' }, 'tags'],
    ['a priority of letters', { priority: 'high' }, 'priority'],
    ['a name that is too long', { name: 'n'.repeat(201) }, 'name'],
  ])('says at the field that it is wrong: %s', (_, change, field) => {
    expect(Object.keys(problemsOf({ ...PLAIN, ...change }))).toEqual([field]);
  });

  it('has a directory that is not there at the field of the directory', () => {
    const remedy = 'Make it, or name another one.';
    const refused = new OptioError('workspace-refused', 'there is no directory /a', { remedy });
    const said = 'There is no directory /a. Make it, or name another one.';
    expect(problemsOfError(refused, { ...PLAIN, workspace: 'directory' })).toEqual({ directory: said });
    expect(problemsOfError(refused, PLAIN)).toEqual({ other: said });
  });

  it('tells of a field that appears after a try only with the next try', () => {
    const tried = problemsOf({ ...PLAIN, prompt: '' });
    const other = problemsOf({ ...PLAIN, prompt: '', provider: 'other' });
    expect(Object.keys(other).sort()).toEqual(['model', 'prompt', 'providerUrl']);
    expect(Object.keys(shownProblems(other, tried))).toEqual(['prompt']);
    expect(shownProblems(problemsOf(PLAIN), tried)).toEqual({});
  });

  it('finds the field that the server means', () => {
    expect(placeOf('spec.provider.baseUrl')).toBe('providerUrl');
    expect(placeOf('spec.provider.keyVariable')).toBe('providerKey');
    expect(placeOf('networkAccess')).toBe('hosts');
    expect(placeOf('options.budget.wallMs')).toBe('minutes');
    expect(placeOf('spec.deniedPaths.0')).toBe('other');
    const refused = new OptioError('invalid-config', 'env: HOME is ours to set', {
      field: 'env',
      remedy: 'Choose another name.',
    });
    expect(problemsOfError(refused, PLAIN)).toEqual({ env: 'HOME is ours to set. Choose another name.' });
    expect(problemsOfError(new OptioError('forbidden', 'only an admin may'))).toEqual({ other: 'Only an admin may.' });
  });

  it('fills the places of the prompt', () => {
    const draft: Draft = { ...PLAIN, prompt: 'Port {{file}} to {{ language }}', params: { file: 'a.py', other: 'x' } };
    expect(optionsOf(draft).params).toEqual({ file: 'a.py' });
  });
});

describe('the same again', () => {
  const spec = specOf({
    ...PLAIN,
    workspace: 'worktree',
    directory: '/src/project',
    model: 'gpt',
    effort: 'high',
    network: 'hosts',
    hosts: 'a.example *.b.example',
    approvals: 'never',
    end: 'after',
    endMinutes: '30',
    isolation: 'strict',
  });
  const run = (definition: unknown, rest: Partial<RunDetails> = {}) =>
    ({
      name: 'Mend the tests',
      taskId: 'run',
      metadata: {},
      budget: null,
      priority: 0,
      definition,
      ...rest,
    }) as RunDetails;

  it('asks for the same', () => {
    const budget = { turns: 3, wallMs: 600_000, onReached: 'fail' as const };
    const { draft, notes } = draftOfRun(
      run({ config: spec }, { budget, metadata: { team: 'red' }, priority: 4, name: 'tests' }),
    );
    expect(notes).toEqual([]);
    expect(specOf(draft)).toEqual(spec);
    expect(optionsOf(draft)).toEqual({ budget, metadata: { team: 'red' }, priority: 4, name: 'tests' });
  });

  it('keeps what has no field', () => {
    const more = { ...spec, allowedDirs: [{ path: '/data', mode: 'ro' as const }], scrubEnv: ['AWS_*'] };
    const retry = { attempts: 3 };
    const { draft } = draftOfRun(run({ config: more, retry }));
    expect(specOf(draft)).toEqual(more);
    expect(optionsOf(draft)).toEqual({ retry });
  });

  it.each<Partial<RunSpec>>([
    { seedId: 'work', whenNoSeed: 'refuse', seedMode: 'file' },
    { seedPool: 'team', whenNoSeed: 'wait', seedFallback: [{ pool: 'spare' }, { seed: 'work' }] },
  ])('gets the same login: %o', (login) => {
    const { draft } = draftOfRun(run({ config: { ...spec, ...login } }));
    expect(specOf(draft)).toEqual({ ...spec, ...login });
    expect(specOf({ ...draft, login: 'environment' })).toEqual(spec); // with nothing of seeds that would contradict it
  });

  it('leaves params what they are, unless they are typed anew or the prompt has no place for them', () => {
    const { draft } = draftOfRun(
      run({ config: { ...spec, instructions: 'Do {{n}} of {{list}}' } }, { params: { n: 5, list: [1], x: 1 } }),
    );
    expect(optionsOf(draft).params).toEqual({ n: 5, list: [1] });
    expect(optionsOf({ ...draft, params: { ...draft.params, n: 'six' } }).params).toEqual({ n: 'six', list: [1] });
    expect(optionsOf({ ...draft, prompt: 'Do it' })).not.toHaveProperty('params');
  });

  it('gives a run that was not named no name, and a demo no model that is gone', () => {
    expect(draftOfRun(run({ config: spec })).draft.name).toBe('');
    const provider = { baseUrl: 'http://127.0.0.1:9/v1' };
    const demo = draftOfRun(
      run({ config: { ...spec, provider, model: 'scripted' } }, { metadata: { 'optio-codex': 'demo' } }),
    );
    expect(specOf(demo.draft)).not.toHaveProperty('provider');
    expect(specOf(demo.draft)).not.toHaveProperty('model');
    expect(optionsOf(demo.draft)).not.toHaveProperty('metadata');
    expect(demo.notes).toHaveLength(1);
  });

  it('has nothing to take from a task that is a function', () => {
    expect(draftOfRun(run(null)).draft).toBe(EMPTY_DRAFT);
    expect(draftOfTask({ name: 'nightly', definition: null }).notes[0]).toContain('nightly');
  });

  it('takes the files of a new directory, and the models of a provider, as long as they belong to it', () => {
    const config = {
      ...spec,
      workspace: { fresh: true as const, files: { 'a.txt': 'x' } },
      provider: { baseUrl: 'http://127.0.0.1:9/v1', name: 'mine', keyVariable: 'KEY' },
    };
    const { draft } = draftOfRun(run({ config }));
    expect(specOf(draft)).toEqual(config);
    expect(specOf({ ...draft, providerUrl: 'http://127.0.0.1:8/v1' }).provider).toEqual({
      baseUrl: 'http://127.0.0.1:8/v1',
      keyVariable: 'KEY',
    });
    expect(specOf({ ...draft, workspace: 'directory', directory: '/a' }).workspace).toEqual({ directory: '/a' });
  });
});
