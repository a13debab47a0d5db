import { describe, expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { rememberCaller } from '../../src/rpc/callsite.ts';
import type { RequestId } from '../../src/rpc/message.ts';
import { type Call, PendingCalls } from '../../src/rpc/pending.ts';
import { failureOf } from '../support/failure.ts';

const sendNothing = async () => {};

function callOf(method = 'thread/read', deadlineMs = 10_000): Call {
  return { method, deadlineMs, failAt: rememberCaller(callOf) };
}

describe('PendingCalls', () => {
  it('gives each call an id of its own', async () => {
    const pending = new PendingCalls();
    const ids: RequestId[] = [];
    const calls = [1, 2, 3].map(() =>
      pending.create(callOf(), async (id) => {
        ids.push(id);
      }),
    );
    for (const id of ids) pending.answer(id, { result: id });
    expect(await Promise.all(calls)).toEqual([{ result: 1 }, { result: 2 }, { result: 3 }]);
  });

  it('takes one answer for a call and no second one', async () => {
    const pending = new PendingCalls();
    const call = pending.create(callOf(), sendNothing);
    expect(pending.answer(1, { result: 'first' })).toBe(true);
    expect(pending.answer(1, { result: 'second' })).toBe(false);
    await expect(call).resolves.toEqual({ result: 'first' });
  });

  it('tells an id of a text from that of a number', async () => {
    const pending = new PendingCalls();
    const call = pending.create(callOf(), sendNothing);
    expect(pending.answer('1', { result: 'wrong' })).toBe(false);
    pending.answer(1, { result: 'right' });
    await expect(call).resolves.toEqual({ result: 'right' });
  });

  it('hands on the error that the peer answered', async () => {
    const pending = new PendingCalls();
    const call = pending.create(callOf(), sendNothing);
    pending.answer(1, { error: { code: 5, message: 'no' } });
    await expect(call).resolves.toEqual({ error: { code: 5, message: 'no' } });
  });

  it('takes a call that was sent for answered even when the answer is faster than the write', async () => {
    const pending = new PendingCalls();
    const call = pending.create(callOf(), async (id) => {
      pending.answer(id, { result: 'quick' });
      throw new Error('the write failed after all');
    });
    await expect(call).resolves.toEqual({ result: 'quick' });
  });

  it('ends a call whose deadline passes, and forgets it', async () => {
    const pending = new PendingCalls();
    const failure = await failureOf(pending.create(callOf('turn/start', 5), sendNothing));
    expect(failure).toMatchObject({ code: 'call-timeout', message: expect.stringContaining('"turn/start"') });
    expect(pending.size).toBe(0);
  });

  it('ends a call that cannot be sent with what kept it', async () => {
    const pending = new PendingCalls();
    const broken = new Error('broken pipe');
    const failure = await failureOf(pending.create(callOf(), () => Promise.reject(broken)));
    expect(failure).toMatchObject({
      code: 'connection-closed',
      message: 'cannot send "thread/read": broken pipe',
      cause: broken,
    });
    expect(pending.size).toBe(0);
  });

  it('keeps code and details of an error of ours that kept a call from being sent', async () => {
    const pending = new PendingCalls();
    const exited = new OptioError('codex-exited', 'codex is gone', { exitCode: 7, stderr: 'out of memory' });
    const failure = await failureOf(pending.create(callOf(), () => Promise.reject(exited)));
    expect(failure).toMatchObject({ code: 'codex-exited', details: { exitCode: 7, stderr: 'out of memory' } });
  });

  it('ends all calls with the same reason, each by its own name, and leaves none', async () => {
    const pending = new PendingCalls();
    const failures = ['a', 'b'].map((method) => failureOf(pending.create(callOf(method), sendNothing)));
    expect(pending.size).toBe(2);
    pending.rejectAll(new OptioError('codex-exited', 'codex is gone', { exitCode: 1 }));
    expect(pending.size).toBe(0);
    expect(await Promise.all(failures)).toMatchObject([
      { code: 'codex-exited', message: '"a" was not answered: codex is gone', details: { exitCode: 1 } },
      { code: 'codex-exited', message: '"b" was not answered: codex is gone', details: { exitCode: 1 } },
    ]);
  });
});
