import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { namedRun, namedRunToRead } from '../../../src/cli/naming/named-run.ts';
import { OptioError } from '../../../src/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { detailsOf, NOW } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const RUNS = [
  detailsOf({ id: 'run-01aa000000000000', name: 'docs' }),
  detailsOf({ id: 'run-01ab000000000000', name: 'docs', state: 'failed' }),
];

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }));
afterEach(() => void vi.useRealTimers());

describe('namedRunToRead', () => {
  const ended = [
    detailsOf({ id: 'run-01ac000000000000', name: 'docs', state: 'done' }),
    detailsOf({ id: 'run-01ad000000000000', name: 'docs', state: 'failed' }),
  ];

  it('takes the newest of several of that name that have ended', async () => {
    const others = [detailsOf({ id: 'run-01ae000000000000', name: 'more docs' }), ...ended];
    expect((await namedRunToRead(scriptApi({ runs: others }).api, 'docs')).id).toBe('run-01ac000000000000');
  });

  it('chooses none where one has not ended', async () => {
    expect(await failureOf(namedRunToRead(scriptApi({ runs: [...RUNS, ...ended] }).api, 'docs'))).toMatchObject({
      code: 'invalid-input',
      remedy: expect.stringContaining('Name one of them by its id:'),
    });
  });
});

describe('namedRun', () => {
  it.each([
    ['its id', 'run-01ab000000000000', 'run-01ab000000000000'],
    ['the beginning of it', 'run-01aa', 'run-01aa000000000000'],
    ['@last', '@last', 'run-01aa000000000000'],
  ])('finds a run by %s', async (_what, name, id) => {
    expect((await namedRun(scriptApi({ runs: RUNS }).api, name)).id).toBe(id);
  });

  it('lists what there is to somebody who has named nothing', async () => {
    const failure = await failureOf(namedRun(scriptApi({ runs: RUNS }).api, 'nightly'));
    expect(failure).toMatchObject({
      code: 'not-found',
      message: 'there is no run nightly',
      remedy:
        'There are:\n  run-01aa000000000000  running  launched 5 min ago  docs\n  run-01ab000000000000  failed   launched 5 min ago  docs',
    });
  });

  it.each(['run-01a', '01a', 'run-'])('says how much of an id is needed: %s', async (name) => {
    const find = async () => Promise.reject(new OptioError('not-found', 'there is none'));
    const { remedy } = await failureOf(namedRun(scriptApi({ runs: RUNS, api: { find } }).api, name));
    expect(remedy).toMatch(/^Of an id at least 4 characters after run- are needed\.\nThere are:\n/);
  });

  it('lists those first whose name begins so, in upper or lower case, and then those in whose name a word does', async () => {
    const named = (id: string, name: string) => detailsOf({ id, name });
    const runs = [
      named('run-1', 'Look: fix-up'),
      named('run-4', 'Prefix the names'),
      ...Array.from({ length: 9 }, (_, at) => named(`run-2${at}`, 'docs')),
      named('run-3', 'Fix the flaky test'),
    ];
    const { remedy } = await failureOf(namedRun(scriptApi({ runs }).api, 'fix'));
    expect(remedy?.split('\n')).toEqual([
      'Perhaps one of these is meant:',
      '  run-3  running  launched 5 min ago  Fix the flaky test',
      '  run-1  running  launched 5 min ago  Look: fix-up',
    ]);
  });

  it('says how to begin one where there is none', async () => {
    expect((await failureOf(namedRun(scriptApi({ runs: [] }).api, 'x'))).remedy).toMatch(
      /^There are no runs yet.* run "/,
    );
  });

  it('says that there are more where there are', async () => {
    const runs = Array.from({ length: 11 }, (_, at) => detailsOf({ id: `run-${at}` }));
    const { remedy } = await failureOf(namedRun(scriptApi({ runs }).api, 'x'));
    expect(remedy).toMatch(/^The newest are .* ps -a\):\n/);
    expect(remedy?.split('\n')).toHaveLength(11);
  });

  it('lists whom somebody may have meant', async () => {
    const runs = [...RUNS, detailsOf({ id: 'run-ffff000000000000', name: 'other docs' })];
    const failure = await failureOf(namedRun(scriptApi({ runs }).api, 'docs'));
    expect(failure.code).toBe('invalid-input');
    expect(failure.remedy?.split('\n')).toEqual([
      'Name one of them by its id:',
      '  run-01aa000000000000  running  launched 5 min ago  docs',
      '  run-01ab000000000000  failed   launched 5 min ago  docs',
    ]);
  });

  it('passes on why nothing can be found, also when nothing can be listed', async () => {
    const lost = new OptioError('server-unreachable', 'no server answers', { remedy: 'Start one.' });
    const refuse = async () => Promise.reject(lost);
    expect(await failureOf(namedRun(scriptApi({ api: { find: refuse } }).api, 'x'))).toBe(lost);
    const { api } = scriptApi({ runs: RUNS, api: { list: refuse } });
    expect(await failureOf(namedRun(api, 'x'))).toMatchObject({ code: 'not-found', remedy: undefined });
  });
});
