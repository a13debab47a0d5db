import { describe, expect, it } from 'vitest';
import { OptioError } from '../../../src/errors.ts';
import { beginCommandLine, runCommandLine } from '../../support/command-line.ts';
import { until } from '../../support/processes.ts';
import { detailsOf, NOW } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const DAY = 86_400_000;
const ago = (days: number) => new Date(NOW - days * DAY).toISOString();
const RUNS = [
  detailsOf({ id: 'run-busy' }),
  detailsOf({ id: 'run-new', state: 'done', endedAt: ago(1), metadata: { team: 'red' } }),
  detailsOf({ id: 'run-old', state: 'failed', endedAt: ago(40) }),
];
const begin = () => scriptApi({ runs: RUNS });

describe('rm', () => {
  it('removes the runs that are named, and asks nothing', async () => {
    const { api, calls } = begin();
    const { code, stdout } = await runCommandLine(api, ['rm', 'run-new', 'run-old'], { input: '' });
    expect({ code, calls }).toEqual({ code: 0, calls: ['remove "run-new"', 'remove "run-old"'] });
    expect(stdout).toBe('run-new is removed.\nrun-old is removed.\n');
  });

  it.each([
    [['--ended'], ['run-new', 'run-old']],
    [['--older-than', '30d'], ['run-old']],
    [['--ended', '--tag', 'team=red'], ['run-new']],
    [['--older-than', '90d'], []],
  ])('removes many at once: %j', async (flags, ids) => {
    const { api, calls } = begin();
    const { code, stdout } = await runCommandLine(api, ['rm', ...flags, '-f', '--json'], { input: '' });
    expect({ code, calls }).toEqual({ code: 0, calls: ids.map((id) => `remove "${id}"`) });
    expect(JSON.parse(stdout)).toEqual({ runs: ids });
  });

  it.each([
    ['y\r', 0, 2],
    ['yes\r', 0, 2],
    ['\r', 1, 0],
    ['n\r', 1, 0],
    ['\u0003', 1, 0],
    ['\u0004', 1, 0],
  ])('asks a person first, and takes %j for an answer', async (keys, code, removed) => {
    const { api, calls } = begin();
    const running = beginCommandLine(api, ['rm', '--ended'], { columns: 80 });
    await until(() => running.text().includes('Remove 2 runs and all that is known of what happened? [y/N] '));
    running.type(keys);
    expect(await running.ended).toBe(code);
    expect(calls).toHaveLength(removed);
  });

  it('wants to be told where it can ask nobody', async () => {
    const { api, calls } = begin();
    const { code, stderr } = await runCommandLine(api, ['rm', '--ended'], { input: 'y\n' });
    expect({ code, calls }).toEqual({ code: 2, calls: [] });
    expect(stderr).toContain('Add --force');
  });

  it('says nothing of what another one has taken along, and tells of what cannot be removed', async () => {
    const remove = (code: 'not-found' | 'run-busy') => async () => Promise.reject(new OptioError(code, 'no'));
    const gone = scriptApi({ runs: RUNS, handle: { remove: remove('not-found') } });
    expect(await runCommandLine(gone.api, ['rm', '--ended', '-f'])).toEqual({ code: 0, stdout: '', stderr: '' });
    const busy = scriptApi({ runs: RUNS, handle: { remove: remove('run-busy') } });
    const { code, stderr } = await runCommandLine(busy.api, ['rm', '--ended', '-f']);
    expect(code).toBe(1);
    expect(stderr.match(/run-busy/g)).toHaveLength(2);
  });

  const TWICE = ['--ended', '--tag', 'team=blue', '--tag', 'team=red'];
  it.each([[[]], [['run-old', '--ended']], [['run-old', '--tag', 'a=b']], [TWICE]])(
    'removes nothing where it is not clear what: %j',
    async (argv) => {
      const { api, calls } = begin();
      expect((await runCommandLine(api, ['rm', ...argv, '-f'])).code).toBe(2);
      expect(calls).toEqual([]);
    },
  );
});
