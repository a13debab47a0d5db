import { describe, expect, it } from 'vitest';
import { onlyRun } from '../../../src/cli/naming/only-run.ts';
import { failureOf } from '../../support/failure.ts';
import { detailsOf } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const OVER = detailsOf({ id: 'run-01aa000000000000', state: 'done' });
const docs = detailsOf({ id: 'run-01ab000000000000', name: 'docs' });
const asks = detailsOf({ id: 'run-01ac000000000000', name: 'asks', state: 'running', openRequests: 1 });

describe('onlyRun', () => {
  it('gives the run that has not ended', async () => {
    expect((await onlyRun(scriptApi({ runs: [OVER, docs] }).api)).id).toBe(docs.id);
  });

  it('says where those are that have ended', async () => {
    const failure = await failureOf(onlyRun(scriptApi({ runs: [OVER] }).api));
    expect(failure).toMatchObject({ code: 'not-found', remedy: 'Those that have ended: optio-codex ps -a' });
  });

  it('lists them where there are several', async () => {
    const failure = await failureOf(onlyRun(scriptApi({ runs: [asks, OVER, docs] }).api));
    expect(failure.code).toBe('invalid-input');
    expect(failure.remedy?.split('\n')).toEqual([
      'Name one:',
      expect.stringMatching(/^ {2}run-01ac000000000000 {2}running, waits for you {2}launched \d+ \w+ ago {2}asks$/),
      expect.stringMatching(/^ {2}run-01ab000000000000 {2}running {17}launched \d+ \w+ ago {2}docs$/),
    ]);
  });

  it('lists some of very many, and says how to see all', async () => {
    const runs = Array.from({ length: 11 }, (_, at) => detailsOf({ id: `run-${at}` }));
    const { remedy } = await failureOf(onlyRun(scriptApi({ runs }).api));
    expect(remedy?.split('\n')).toHaveLength(11);
    expect(remedy).toContain('all of them: optio-codex ps)');
  });
});
