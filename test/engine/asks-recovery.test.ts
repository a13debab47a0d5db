import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Answer } from '../../src/contract/request.ts';
import type { RunContext } from '../../src/task/context.ts';
import {
  allow,
  answerWhileAway,
  asking,
  build,
  deny,
  diedAsking,
  givenTo,
  question,
  request,
  requestEventsOf,
  whenAsked,
} from '../support/asks.ts';
import { done, openEngine, taskOf, told } from '../support/engine.ts';

describe('a request that was open when the process died', () => {
  it('is the same one when Codex repeats it, and people are told again', async () => {
    const { first, id } = await diedAsking(request);
    const { engine } = await openEngine({ directory: first.directory });
    const { asked, onRequest } = whenAsked();
    await engine.tasks.define(taskOf(asking(request), { canRecover: true, onRequest }));
    await asked;
    await engine.controls.live(id).answer('q-1', allow, 'ada');
    expect(await givenTo(engine, id)).toEqual({ answer: allow, by: 'ada' });
    expect(await requestEventsOf(engine, id)).toMatchObject([{ type: 'request.opened' }, { by: 'ada' }]);
  });

  it('is told to whoever has defined the task by then, also where its run is made again of its definition', async () => {
    const { first, id } = await diedAsking(request, { definition: { say: 'something' } });
    const { promise: isDefined, resolve: defined } = Promise.withResolvers<void>();
    const again = async (context: RunContext) => {
      await isDefined;
      return asking(request)(context);
    };
    const revive = () => taskOf(again, { canRecover: true });
    const { engine } = await openEngine({ directory: first.directory, revive });
    const { asked, onRequest } = whenAsked();
    await engine.tasks.define(taskOf(async () => done('never'), { onRequest }));
    defined();
    expect(await asked).toMatchObject({ runId: id, request: { id: 'q-1' } });
    await engine.controls.answer(id, 'q-1', allow, 'ada');
    expect(await givenTo(engine, id)).toMatchObject({ by: 'ada' });
  });

  it('is answered by a rule that there is by now', async () => {
    const { first, id } = await diedAsking(request);
    const { engine } = await openEngine({ directory: first.directory });
    await engine.tasks.define(taskOf(asking(request), { canRecover: true, rules: [build] }));
    expect(await givenTo(engine, id)).toMatchObject({ by: 'rule build' });
  });

  it('gets the answer that was given while nobody was there, once', async () => {
    const { first, id } = await diedAsking(request);
    await answerWhileAway(first.directory, id, 'q-1', allow, 'ada');
    const { engine, store } = await openEngine({ directory: first.directory });
    const onRequest = vi.fn();
    await engine.tasks.define(
      taskOf(asking(request), { canRecover: true, onRequest, rules: [{ ...build, behavior: 'deny' }] }),
    );
    expect(await givenTo(engine, id)).toEqual({ answer: allow, by: 'ada' });
    expect(onRequest).not.toHaveBeenCalled();
    expect(await store.requests.find(id, 'q-1')).toMatchObject({ answer: allow, by: 'ada' });
    expect(await requestEventsOf(engine, id)).toMatchObject([
      { type: 'request.opened' },
      { type: 'request.answered', answer: allow, by: 'ada' },
    ]);
  });

  it('and answered is told as answered, also when Codex had the answer already and does not repeat it', async () => {
    const { first, id } = await diedAsking(request);
    await answerWhileAway(first.directory, id, 'q-1', allow, 'ada');
    const { engine } = await openEngine({ directory: first.directory });
    await engine.tasks.define(taskOf(async () => done(), { canRecover: true }));
    await engine.runs.outcome(id);
    expect(await requestEventsOf(engine, id)).toMatchObject([{ type: 'request.opened' }, { by: 'ada' }]);
  });

  it('and answered is told as answered once, however many processes die before Codex has the answer', async () => {
    const { first, id } = await diedAsking(request);
    await answerWhileAway(first.directory, id, 'q-1', allow, 'ada');
    const second = await openEngine({ directory: first.directory });
    const { promise: isTold, resolve: tells } = Promise.withResolvers<void>();
    const waits = async (context: RunContext) => {
      await context.written(); // what it was told before it came is in the journal
      tells();
      await told(context.signal);
      return done();
    };
    await second.engine.tasks.define(taskOf(waits, { canRecover: true }));
    await isTold;
    await second.die();
    const { engine } = await openEngine({ directory: first.directory });
    await engine.tasks.define(taskOf(asking(request), { canRecover: true }));
    expect(await givenTo(engine, id)).toEqual({ answer: allow, by: 'ada' });
    expect(await requestEventsOf(engine, id)).toMatchObject([{ type: 'request.opened' }, { by: 'ada' }]);
  });

  it('is closed at the end when Codex does not repeat it', async () => {
    const { first, id } = await diedAsking(request);
    const { engine, store } = await openEngine({ directory: first.directory });
    await engine.tasks.define(taskOf(async () => done(), { canRecover: true }));
    await engine.runs.outcome(id);
    expect(await store.requests.find(id, 'q-1')).toMatchObject({ state: 'closed', answer: null });
    expect(await requestEventsOf(engine, id)).toMatchObject([{ type: 'request.opened' }, { type: 'request.closed' }]);
  });

  it('is refused when its answer was a secret, which is lost', async () => {
    const { first, id } = await diedAsking(question);
    const kept: Answer = { kind: 'answers', answers: { pin: ['(secret)'] } };
    await answerWhileAway(first.directory, id, 'q-2', kept, 'ada');
    const { engine } = await openEngine({ directory: first.directory });
    await engine.tasks.define(taskOf(asking(question), { canRecover: true }));
    expect(await givenTo(engine, id)).toEqual({ answer: { kind: 'answers', answers: {} }, by: 'ada' });
  });

  it('has failed its run when it had expired and the process died before that was told', async () => {
    const requests = { expireAfterMs: 60_000, onExpiry: 'fail' } as const;
    const { first, id } = await diedAsking(request, { requests });
    await answerWhileAway(first.directory, id, 'q-1', deny, 'expiry');
    const { engine } = await openEngine({ directory: first.directory });
    const waits = async (context: RunContext) => {
      await told(context.signal);
      return { ...done(), status: 'cancelled' as const };
    };
    await engine.tasks.define(taskOf(waits, { canRecover: true, requests }));
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'request-expired' } });
  });

  it('expires in the next process, counted from when it was opened', async () => {
    const { first, id } = await diedAsking(request, { requests: { expireAfterMs: 3_600_000 } });
    const { engine, store } = await openEngine({ directory: first.directory });
    const before = await store.requests.find(id, 'q-1');
    onTestFinished(() => {
      vi.useRealTimers();
    });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(before?.openedAt ?? '') + 3_600_000 });
    await engine.tasks.define(taskOf(asking(request), { canRecover: true, requests: { expireAfterMs: 3_600_000 } }));
    expect(await givenTo(engine, id)).toMatchObject({ by: 'expiry' });
  });
});
