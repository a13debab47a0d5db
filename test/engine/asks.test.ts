import { describe, expect, it, vi } from 'vitest';
import type { Request } from '../../src/contract/request.ts';
import { OptioError } from '../../src/errors.ts';
import type { RunContext } from '../../src/task/context.ts';
import type { OpenedRequest } from '../../src/task/task.ts';
import {
  allow,
  asking,
  build,
  deny,
  eventsOf,
  givenTo,
  question,
  request,
  requestEventsOf,
  whenAsked,
} from '../support/asks.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';

describe('a request', () => {
  it('is answered by the rule that matches, which is kept with the answer', async () => {
    const { engine, store } = await openEngine();
    const onRequest = vi.fn();
    await engine.tasks.define(taskOf(asking(request), { rules: [build], onRequest }));
    const { id } = await engine.launch('task');
    const answer = { ...allow, message: 'by the rule "build"' };
    expect(await givenTo(engine, id)).toEqual({ answer, by: 'rule build' });
    expect(await store.requests.find(id, 'q-1')).toMatchObject({ state: 'answered', answer, by: 'rule build' });
    expect(await requestEventsOf(engine, id)).toMatchObject([
      { type: 'request.opened', request },
      { type: 'request.answered', requestId: 'q-1', answer, by: 'rule build' },
    ]);
    expect(onRequest).not.toHaveBeenCalled();
  });

  it('is written down before anybody is told of it', async () => {
    const { engine, store } = await openEngine();
    const { promise: found, resolve } = Promise.withResolvers<unknown>();
    const onRequest = ({ runId, request: { id } }: OpenedRequest) => resolve(store.requests.find(runId, id));
    await engine.tasks.define(taskOf(asking(request), { onRequest }));
    const { id } = await engine.launch('task');
    expect(await found).toMatchObject({ runId: id, state: 'open', request });
    await engine.controls.live(id).answer('q-1', allow, 'ada');
    expect(await givenTo(engine, id)).toEqual({ answer: allow, by: 'ada' });
  });

  it('waits for a store that cannot be read just then, and is not answered by that', async () => {
    const { engine, store } = await openEngine();
    vi.spyOn(store.requests, 'find').mockRejectedValueOnce(new OptioError('store-failed', 'it cannot be read'));
    const { asked, onRequest } = whenAsked();
    await engine.tasks.define(taskOf(asking(request), { onRequest }));
    const { id } = await engine.launch('task');
    await asked;
    await engine.controls.answer(id, 'q-1', allow, 'ada');
    expect(await givenTo(engine, id)).toEqual({ answer: allow, by: 'ada' });
  });

  it('of a sub-agent is one like others, under the id of its own thread', async () => {
    const { engine, store } = await openEngine();
    const ofSubAgent: Request = { ...request, id: 'q-sub', threadId: 'sub-agent', command: 'rm x' };
    const { asked, onRequest } = whenAsked();
    const execute = async (context: RunContext) => {
      const given = [request, ofSubAgent].map((each) => context.ask(each, context.signal));
      return done((await Promise.all(given)).map(({ by }) => by).join());
    };
    await engine.tasks.define(taskOf(execute, { rules: [build], onRequest }));
    const { id } = await engine.launch('task');
    expect(await asked).toMatchObject({ runId: id, request: ofSubAgent });
    await engine.controls.live(id).answer('q-sub', deny, 'ada');
    expect(await engine.runs.outcome(id)).toMatchObject({ text: 'rule build,ada' });
    expect(await store.requests.find(id, 'q-sub')).toMatchObject({ request: ofSubAgent, answer: deny, by: 'ada' });
  });

  it('that nobody answered is closed when the run ends', async () => {
    const { engine, store } = await openEngine();
    const { asked, onRequest } = whenAsked();
    const execute = async (context: RunContext) => {
      void context.ask(request, new AbortController().signal);
      await asked;
      return done();
    };
    await engine.tasks.define(taskOf(execute, { onRequest }));
    const { id } = await engine.launch('task');
    await engine.runs.outcome(id);
    expect(await store.requests.find(id, 'q-1')).toMatchObject({ state: 'closed' });
    expect((await eventsOf(engine, id)).slice(-2)).toMatchObject([
      { type: 'request.closed', requestId: 'q-1', reason: 'sessionEnded' },
      { type: 'run.ended' },
    ]);
  });

  it('goes on in spite of whoever could not be told, which the journal says', async () => {
    const { engine } = await openEngine();
    const onRequest = () => Promise.reject(new Error('no screen'));
    await engine.tasks.define(taskOf(asking(request), { onRequest }));
    const { id } = await engine.launch('task');
    for await (const event of engine.runs.events(id)) if (event.type === 'notice') break;
    await engine.controls.live(id).answer('q-1', allow, 'ada');
    expect(await givenTo(engine, id)).toEqual({ answer: allow, by: 'ada' });
    expect(await eventsOf(engine, id)).toContainEqual(
      expect.objectContaining({ type: 'notice', message: 'the hook was not told of a request: no screen' }),
    );
  });
});

describe('a request that nobody answers in time', () => {
  it('is declined, and the run goes on', async () => {
    const { engine, store } = await openEngine();
    await engine.tasks.define(taskOf(asking(request), { requests: { expireAfterMs: 1 } }));
    const { id } = await engine.launch('task');
    expect(await givenTo(engine, id)).toMatchObject({ answer: { behavior: 'deny' }, by: 'expiry' });
    expect(await store.requests.find(id, 'q-1')).toMatchObject({ state: 'answered', by: 'expiry' });
  });

  it('fails the run where its task says so, without another attempt, and the agent never goes on', async () => {
    const { engine, store } = await openEngine();
    let isAnswered = false;
    const execute = async (context: RunContext) => {
      await context.ask(request, context.signal).then(() => {
        isAnswered = true;
      });
      return done();
    };
    const requests = { expireAfterMs: 1, onExpiry: 'fail' } as const;
    await engine.tasks.define(taskOf(execute, { requests, retry: { attempts: 3 } }));
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'request-expired' } });
    expect(isAnswered).toBe(false);
    expect(await store.runs.find(id)).toMatchObject({ state: 'failed', attempt: 1 });
    expect(await requestEventsOf(engine, id)).toMatchObject([{ type: 'request.opened' }, { by: 'expiry' }]);
  });
});

describe('the answer to a secret', () => {
  it('goes to the agent and nowhere else', async () => {
    const { engine, store } = await openEngine();
    const { asked, onRequest } = whenAsked();
    await engine.tasks.define(
      taskOf(
        async (context) => {
          const { answer } = await context.ask(question, context.signal);
          return done(String(JSON.stringify(answer).includes('hunter2')));
        },
        { onRequest },
      ),
    );
    const { id } = await engine.launch('task');
    await asked;
    await engine.controls.live(id).answer('q-2', { kind: 'answers', answers: { pin: ['hunter2'] } }, 'ada');
    expect(await engine.runs.outcome(id)).toMatchObject({ text: 'true' });
    const kept = [await store.requests.find(id, 'q-2'), await eventsOf(engine, id)];
    expect(JSON.stringify(kept)).toContain('(secret)');
    expect(JSON.stringify(kept)).not.toContain('hunter2');
  });
});
