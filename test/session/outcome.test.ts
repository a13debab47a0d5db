import { describe, expect, it } from 'vitest';
import type { TurnResult } from '../../src/codex/turn.ts';
import { errorRecordSchema } from '../../src/contract/outcome.ts';
import { NO_USAGE } from '../../src/contract/usage.ts';
import { OptioError } from '../../src/errors.ts';
import { endOfTurn, failed, toErrorRecord, unexpectedEnd } from '../../src/session/outcome.ts';

const DONE: TurnResult = { id: 't1', status: 'completed', text: 'Done.', messages: [], usage: NO_USAGE, error: null };

function failedTurn(error: object): TurnResult {
  const whole = { message: 'it broke', codexErrorInfo: null, additionalDetails: null, ...error };
  return { ...DONE, status: 'failed', error: whole as TurnResult['error'] };
}

describe('endOfTurn', () => {
  it('ends a run with its turn', () => {
    expect(endOfTurn(DONE, false)).toEqual({ status: 'done' });
  });

  it('goes on after a turn that was only interrupted', () => {
    expect(endOfTurn({ ...DONE, status: 'interrupted' }, false)).toBeUndefined();
  });

  it('reads the answer as JSON where that was asked for', () => {
    expect(endOfTurn({ ...DONE, text: ' {"a":[1]}\n' }, true)).toEqual({ status: 'done', output: { a: [1] } });
  });

  it('fails when the answer is not the JSON that was asked for', () => {
    const end = endOfTurn({ ...DONE, text: '```json\n{}\n```' }, true);
    expect(end).toMatchObject({ status: 'failed', error: { code: 'turn-failed', remedy: expect.any(String) } });
  });

  it('fails with what Codex says of it', () => {
    const end = endOfTurn(failedTurn({ additionalDetails: 'at once' }), false);
    expect(end).toEqual({ status: 'failed', error: { code: 'turn-failed', message: 'it broke: at once' } });
  });

  it('says so when Codex does not say why', () => {
    const end = endOfTurn({ ...DONE, status: 'failed' }, false);
    expect(end?.error?.message).toContain('does not say why');
  });

  it.each([
    ['contextWindowExceeded', /larger context window/],
    ['usageLimitExceeded', /limit/],
    ['unauthorized', /login/],
    ['sandboxError', /doctor/],
    [{ httpConnectionFailed: { httpStatusCode: null } }, /address/],
    [{ httpConnectionFailed: { httpStatusCode: 500 } }, /status page/],
    [{ httpConnectionFailed: { httpStatusCode: 503 } }, /status page/],
    [{ responseTooManyFailedAttempts: { httpStatusCode: null } }, /wait/],
    [{ responseStreamDisconnected: { httpStatusCode: null } }, /breaks its answers off/],
    [{ responseStreamDisconnected: { httpStatusCode: 401 } }, /login/],
    [{ responseStreamDisconnected: { httpStatusCode: 403 } }, /login/],
    [{ responseStreamDisconnected: { httpStatusCode: 404 } }, /address/],
    [{ responseStreamDisconnected: { httpStatusCode: 429 } }, /wait/],
  ])('knows what to do about %j', (codexErrorInfo, remedy) => {
    expect(endOfTurn(failedTurn({ codexErrorInfo }), false)?.error?.remedy).toMatch(remedy);
  });

  it.each([
    ['Connection failed: error sending request', /Nothing answers there/],
    ['stream disconnected before completion: idle timeout waiting for SSE', /silenceMs/],
    ['stream disconnected before completion: oh no', /breaks its answers off/],
  ])('goes by the words, whatever Codex calls it: %s', (message, remedy) => {
    for (const codexErrorInfo of ['other', { responseStreamDisconnected: { httpStatusCode: null } }]) {
      expect(endOfTurn(failedTurn({ codexErrorInfo, message }), false)?.error?.remedy).toMatch(remedy);
    }
  });

  it.each([
    ['{"error":{"message":"bad key"}}', 'bad key'],
    ['{"error":"bad key"}', '{"error":"bad key"}'],
    ['{"error":', '{"error":'],
  ])('reads what a provider answered: %s', (message, told) => {
    expect(endOfTurn(failedTurn({ message }), false)?.error?.message).toBe(told);
  });

  it.each(['other', 'somethingNew', { somethingNew: {} }, 'constructor'])(
    'knows no remedy for %j',
    (codexErrorInfo) => {
      expect(endOfTurn(failedTurn({ codexErrorInfo }), false)?.error).not.toHaveProperty('remedy');
    },
  );
});

describe('unexpectedEnd', () => {
  const closed = { type: 'x-optio-closed', reason: 'torn' } as const;
  const torn = new OptioError('connection-closed', 'torn');

  it('is the end of the process where that is known, with what it said', () => {
    const event = { ...closed, exitCode: 3, signal: null, stderr: 'no memory' };
    expect(unexpectedEnd(torn, event)).toMatchObject({
      code: 'codex-exited',
      message: 'codex ended in the middle of the run: exited with 3',
      details: { exitCode: 3, signal: null, stderr: 'no memory' },
    });
    const killed = unexpectedEnd(torn, { ...closed, exitCode: null, signal: 'SIGKILL' });
    expect(killed.message).toContain('was ended by SIGKILL');
  });

  it('does not say of a process that it has ended when only its connection has', () => {
    expect(unexpectedEnd(torn, closed)).toBe(torn);
  });

  it('is what the conversation ended for, where that was something else', () => {
    const changed = new OptioError('sandbox-changed', 'another profile');
    expect(unexpectedEnd(changed, { ...closed, exitCode: 0, signal: null })).toBe(changed);
  });
});

describe('toErrorRecord', () => {
  it('keeps what the contract has a place for', () => {
    const kept = { remedy: 'Retry.', field: 'model', exitCode: 1, signal: null, stderr: 'last line' };
    const error = new OptioError('codex-exited', 'gone', { ...kept, cause: new Error(), data: {} });
    expect(errorRecordSchema.parse(toErrorRecord(error))).toEqual({ code: 'codex-exited', message: 'gone', ...kept });
    expect(failed(error)).toEqual({ status: 'failed', error: toErrorRecord(error) });
  });

  it('leaves out what is not there', () => {
    expect(toErrorRecord(new OptioError('internal', 'x'))).toEqual({ code: 'internal', message: 'x' });
  });
});
