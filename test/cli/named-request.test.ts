import { describe, expect, it } from 'vitest';
import { namedRequest } from '../../src/cli/named-request.ts';
import type { OpenRequest } from '../../src/contract/run-summary.ts';
import { failureOf } from '../support/failure.ts';
import { COMMAND_REQUEST } from '../support/run-events.ts';
import { detailsOf, LAUNCHED_AT } from '../support/run-summary.ts';
import { scriptApi } from '../support/scripted-api.ts';

const [ONE, TWO, QUIET] = ['run-01aa000000000000', 'run-02bb000000000000', 'run-03cc000000000000'] as const;
const RUNS = [
  detailsOf({ id: ONE, name: 'one' }),
  detailsOf({ id: TWO, name: 'two' }),
  detailsOf({ id: QUIET, name: 'quiet' }),
];
const open = (runId: string, id: string, command = 'ls'): OpenRequest => ({
  runId,
  openedAt: LAUNCHED_AT,
  request: { ...COMMAND_REQUEST, id, command },
});
const REQUESTS = [
  open(ONE, 'request-5f0c000000000000', 'npm test'),
  open(TWO, 'request-5f0d000000000000'),
  open(TWO, 'request-aaaa000000000000'),
];
const name = (text: string, requests = REQUESTS) => namedRequest(scriptApi({ runs: RUNS, requests }).api, text);

describe('namedRequest', () => {
  it.each([
    ['its id', 'request-5f0c000000000000', 0],
    ['the beginning of it', 'request-5f0d', 1],
    ['the beginning without what all begin with', 'aaaa', 2],
    ['a run that asks nothing else', 'one', 0],
    ['the beginning of the id of such a run', 'run-01aa', 0],
    ['the newest run', '@last', 0],
    ['its run and the beginning of it', 'two/5f0d', 1],
    ['its run and its id', `${TWO}/request-aaaa000000000000`, 2],
  ])('finds a request by %s', async (_what, text, index) => {
    expect(await name(text)).toBe(REQUESTS[index]);
  });

  it('means what has exactly this id, also where others begin with it', async () => {
    const requests = [open(ONE, 'request-5f0c'), open(ONE, 'request-5f0c00')];
    expect(await name('request-5f0c', requests)).toBe(requests[0]);
  });

  it.each([
    ['too little of an id, which may be an accident', '5f0', 'not-found'],
    ['what no request is called', 'nightly', 'not-found'],
    ['a run that asks nothing', 'quiet', 'not-found'],
    ['the request of another run', 'one/aaaa', 'not-found'],
    ['a run that asks more', 'two', 'invalid-input'],
    ['a run that there is not', 'nine/aaaa', 'not-found'],
  ])('refuses %s', async (_what, text, code) => {
    expect((await failureOf(name(text))).code).toBe(code);
  });

  it('refuses what several begin with, and lists them by names that are certain', async () => {
    const requests = [open(ONE, 'request-5f0c11', 'make\nall'), open(TWO, 'request-5f0c22')];
    const failure = await failureOf(name('5f0c', requests));
    expect(failure.code).toBe('invalid-input');
    expect(failure.remedy).toBe(
      `Name one of them:\n  ${ONE}/request-5f0c11  command  make all\n  ${TWO}/request-5f0c22  command  ls`,
    );
  });

  it('lists what waits, or says that nothing does', async () => {
    expect((await failureOf(name('nightly'))).remedy).toMatch(/^Name one of them:(\n {2}run-.*){3}$/);
    expect((await failureOf(name('nightly', []))).remedy).toBe('Nothing waits for an answer.');
  });
});
