import { describe, expect, it, vi } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import type { RunContext } from '../../src/task/context.ts';
import { allow, asking, deny, eventsOf, givenTo, request, requestEventsOf, whenAsked } from '../support/asks.ts';
import { openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';

describe('a request that somebody answers just when something else happens', () => {
  it('that needs no answer any more at the moment at which it gets one has that one', async () => {
    const { engine, store } = await openEngine();
    const withdrawn = new AbortController();
    const answer = store.requests.answer.bind(store.requests);
    vi.spyOn(store.requests, 'answer').mockImplementation(async (...given) => {
      const isAnswered = await answer(...given);
      withdrawn.abort();
      return isAnswered;
    });
    const { asked, onRequest } = whenAsked();
    const execute = async (context: RunContext) => {
      await context.ask(request, withdrawn.signal).catch(() => {});
    };
    await engine.tasks.define(taskOf(execute, { onRequest }));
    const { id } = await engine.launch('task');
    await asked;
    await engine.controls.answer(id, 'q-1', allow, 'ada');
    await engine.runs.outcome(id);
    expect(await requestEventsOf(engine, id)).toMatchObject([{ type: 'request.opened' }, { answer: allow, by: 'ada' }]);
  });

  it('that somebody answers under a name which no column takes waits on', async () => {
    const { engine } = await openEngine();
    const { asked, onRequest } = whenAsked();
    const execute = async (context: RunContext) => {
      await context.ask(request, new AbortController().signal);
    };
    await engine.tasks.define(taskOf(execute, { onRequest }));
    const { id } = await engine.launch('task');
    await asked;
    const refused = await failureOf(engine.controls.answer(id, 'q-1', allow, 'a\0da'));
    expect(refused).toMatchObject({ code: 'invalid-input', details: { field: 'by' } });
    await engine.controls.answer(id, 'q-1', allow, 'ada');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done' });
  });

  it('that nobody has answered when it needs none any more is closed, also when somebody tried to', async () => {
    const { engine, store } = await openEngine();
    const withdrawn = new AbortController();
    vi.spyOn(store.requests, 'answer').mockImplementation(async () => {
      withdrawn.abort();
      throw new OptioError('store-failed', 'it cannot be written');
    });
    const { asked, onRequest } = whenAsked();
    const execute = async (context: RunContext) => {
      await context.ask(request, withdrawn.signal).catch(() => {});
    };
    await engine.tasks.define(taskOf(execute, { onRequest }));
    const { id } = await engine.launch('task');
    await asked;
    await expect(engine.controls.answer(id, 'q-1', allow, 'ada')).rejects.toMatchObject({ code: 'store-failed' });
    await engine.runs.outcome(id);
    expect(await requestEventsOf(engine, id)).toMatchObject([
      { type: 'request.opened' },
      { type: 'request.closed', reason: 'resolvedElsewhere' },
    ]);
  });

  it('lets its run not end before an answer is written down that somebody gives just then', async () => {
    const { engine, store } = await openEngine();
    const [answering, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const answer = store.requests.answer.bind(store.requests);
    vi.spyOn(store.requests, 'answer').mockImplementation(async (...given) => {
      answering.resolve();
      await go.promise;
      return answer(...given);
    });
    const { asked, onRequest } = whenAsked();
    const execute = async (context: RunContext) => {
      void context.ask(request, new AbortController().signal);
      await answering.promise;
    };
    await engine.tasks.define(taskOf(execute, { onRequest }));
    const { id } = await engine.launch('task');
    await asked;
    const answered = engine.controls.answer(id, 'q-1', allow, 'ada');
    for (let n = 0; n < 50; n++) await new Promise(setImmediate); // longer than it takes to end
    go.resolve();
    await answered;
    await engine.runs.outcome(id);
    expect(await requestEventsOf(engine, id)).toMatchObject([{ type: 'request.opened' }, { answer: allow, by: 'ada' }]);
  });

  it('is answered once when two answer at the same instant', async () => {
    const { engine, store } = await openEngine();
    const { asked, onRequest } = whenAsked();
    await engine.tasks.define(taskOf(asking(request), { onRequest }));
    const { id } = await engine.launch('task');
    await asked;
    const live = engine.controls.live(id);
    const [ada, bob] = await Promise.allSettled([live.answer('q-1', allow, 'ada'), live.answer('q-1', deny, 'bob')]);
    expect(ada).toMatchObject({ status: 'fulfilled' });
    expect(bob).toMatchObject({ status: 'rejected', reason: { code: 'not-found' } });
    expect(await givenTo(engine, id)).toEqual({ answer: allow, by: 'ada' });
    expect(await store.requests.find(id, 'q-1')).toMatchObject({ answer: allow, by: 'ada' });
    const answered = (await eventsOf(engine, id)).filter(({ type }) => type === 'request.answered');
    expect(answered).toMatchObject([{ answer: allow, by: 'ada' }]);
    expect((await failureOf(live.answer('q-1', deny, 'eve'))).code).toBe('not-found');
  });

  it('is open still when an answer to it could not be written, and takes that of somebody else', async () => {
    const { engine, store } = await openEngine();
    const { asked, onRequest } = whenAsked();
    await engine.tasks.define(taskOf(asking(request), { onRequest }));
    const { id } = await engine.launch('task');
    await asked;
    vi.spyOn(store.requests, 'answer').mockRejectedValueOnce(new OptioError('store-failed', 'disk I/O error'));
    expect((await failureOf(engine.controls.answer(id, 'q-1', allow, 'ada'))).code).toBe('store-failed');
    await engine.controls.answer(id, 'q-1', deny, 'bob');
    expect(await givenTo(engine, id)).toEqual({ answer: deny, by: 'bob' });
    expect(await requestEventsOf(engine, id)).toMatchObject([{ type: 'request.opened' }, { answer: deny, by: 'bob' }]);
  });
});
