import { describe, expect, it } from 'vitest';
import { namedRequest } from '../../../src/cli/naming/named-request.ts';
import type { RunEventBody } from '../../../src/contract/event.ts';
import type { Answer } from '../../../src/contract/request.ts';
import type { OpenRequest } from '../../../src/contract/run-summary.ts';
import { failureOf } from '../../support/failure.ts';
import { COMMAND_REQUEST } from '../../support/run-events.ts';
import { detailsOf, LAUNCHED_AT } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

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

  describe('of a request that is not open any more', () => {
    const allow: Answer = { kind: 'decision', behavior: 'allow', forSession: true };
    const answers: Answer = { kind: 'answers', answers: { a: ['yes', 'no'], b: [] } };
    /** An API whose runs have been answered: `one` once, `two` twice, and of `quiet` a request needs no answer any more. */
    function answered(requests: readonly OpenRequest[] = []) {
      const scripted = scriptApi({ runs: RUNS, requests });
      const close = (runId: string, id: string, end: RunEventBody) => {
        const { run } = scripted.run(runId);
        run.emit({ type: 'request.opened', request: { ...COMMAND_REQUEST, id } });
        run.emit(end);
      };
      const answer = (runId: string, requestId: string, answer: Answer, by: string) =>
        close(runId, requestId, { type: 'request.answered', requestId, answer, by });
      answer(ONE, 'request-5f0c000000000000', allow, 'ada');
      answer(TWO, 'request-5f0d000000000000', { kind: 'form', action: 'decline' }, 'rule forms');
      answer(TWO, 'request-aaaa000000000000', answers, 'bob');
      const requestId = 'request-bbbb000000000000';
      close(QUIET, requestId, { type: 'request.closed', requestId, reason: 'resolvedElsewhere' });
      return scripted.api;
    }

    const ADA = 'request-5f0c000000000000 was answered with "allow" for the session by ada before';
    const RULE = 'request-5f0d000000000000 was answered with "decline" by rule forms before';
    const BOB = 'request-aaaa000000000000 was answered with "yes", "no" by bob before';

    it.each([
      ['its id', 'request-5f0c000000000000', ADA],
      ['the beginning of it', '5f0d', RULE],
      ['its run and the beginning of it', 'two/5f0d', RULE],
      ['its run, of which the last is meant', 'two', BOB],
      ['what nobody has answered', 'bbbb', 'request-bbbb000000000000 is not open any more: it needs no answer'],
    ])('says who has answered what, by %s', async (_what, text, said) => {
      const failure = await failureOf(namedRequest(answered(), text));
      expect({ code: failure.code, message: failure.message }).toEqual({
        code: 'not-found',
        message: `the request ${said}`,
      });
    });

    it.each(['5f0', 'nightly', 'one/aaaa', 'one/5f0e'])('knows nothing of %s', async (text) => {
      expect((await failureOf(namedRequest(answered(), text))).message).toBe(`no open request is called ${text}`);
    });

    it('takes an open one before it', async () => {
      expect(await namedRequest(answered(REQUESTS), 'one')).toBe(REQUESTS[0]);
    });
  });
});
