import { describe, expect, it } from 'vitest';
import { OptioError } from '../../../src/errors.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { detailsOf } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const ENDED_AT = '2026-11-22T10:01:00.000Z';
const RUNS = [
  detailsOf({ id: 'run-1', name: 'new', state: 'done', endedAt: ENDED_AT }),
  detailsOf({ id: 'run-2', name: 'old', state: 'failed', endedAt: ENDED_AT, archivedAt: ENDED_AT }),
];

describe('archive', () => {
  it.each([
    ['archive', 'run-1 is in the archive.'],
    ['unarchive', 'run-1 is out of the archive.'],
  ])('%s: says so of each run', async (verb, said) => {
    const { api, calls } = scriptApi({ runs: RUNS });
    const { code, stdout } = await runCommandLine(api, [verb, 'run-1', 'run-2']);
    expect([code, stdout.split('\n')[0], calls]).toEqual([0, said, [`${verb} "run-1"`, `${verb} "run-2"`]]);
    expect(JSON.parse((await runCommandLine(api, [verb, '--json', 'run-1'])).stdout)).toEqual({ runs: ['run-1'] });
  });

  it('does what can be done, and says what cannot', async () => {
    const archive = async () => {
      throw new OptioError('run-busy', 'the run run-1 has not ended', { remedy: 'Wait.' });
    };
    const { api } = scriptApi({ runs: RUNS, handle: { archive } });
    const { code, stderr } = await runCommandLine(api, ['archive', 'run-1']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('has not ended');
  });
});

describe('ps', () => {
  it('leaves out what is in the archive, unless told to show that', async () => {
    const { api } = scriptApi({ runs: RUNS });
    expect((await runCommandLine(api, ['ps', '-aq'])).stdout).toBe('run-1\n');
    expect((await runCommandLine(api, ['ps', '-q', '--archived'])).stdout).toBe('run-2\n');
  });
});

describe('rm --ended', () => {
  it('removes what is in the archive as well', async () => {
    const { api, calls } = scriptApi({ runs: RUNS });
    await runCommandLine(api, ['rm', '--ended', '-f']);
    expect(calls).toEqual(['remove "run-1"', 'remove "run-2"']);
  });
});
