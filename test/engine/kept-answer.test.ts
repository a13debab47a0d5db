import { describe, expect, it, vi } from 'vitest';
import type { Answer, Request } from '../../src/contract/request.ts';
import type { RunContext } from '../../src/task/context.ts';
import { allow, asking, build, deny, question, request, requestEventsOf, whenAsked } from '../support/asks.ts';
import { openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';

const pick: Request = {
  ...{ kind: 'question', id: 'q-3', threadId: 'main', turnId: null, itemId: null },
  questions: [{ id: 'which', header: '', question: 'Which?', options: [], allowsOther: true, isSecret: false }],
};
const form: Request = {
  ...{ kind: 'elicitation', id: 'q-4', threadId: 'main', turnId: null, itemId: null },
  ...{ server: 's', message: 'Fill it in.' },
};

describe('a request that is answered again', () => {
  it('takes the same answer, whoever gives it, also once its run has ended and in the next process', async () => {
    const first = await openEngine();
    const { asked, onRequest } = whenAsked();
    await first.engine.tasks.define(taskOf(asking(request), { onRequest }));
    const { id } = await first.engine.launch('task');
    await asked;
    const given: Answer = { kind: 'decision', behavior: 'deny', message: 'no', updatedInput: { a: 1, b: undefined } };
    const same: Answer = { updatedInput: { a: 1 }, message: 'no', behavior: 'deny', kind: 'decision' };
    const live = first.engine.controls.live(id);
    await Promise.all([live.answer('q-1', given, 'ada'), live.answer('q-1', same, 'bob')]);
    await first.engine.runs.outcome(id);
    await first.engine.controls.answer(id, 'q-1', given, 'bob');
    await first.die();
    const { engine, store } = await openEngine({ directory: first.directory });
    await engine.controls.answer(id, 'q-1', same, 'eve');
    expect(await store.requests.find(id, 'q-1')).toMatchObject({ by: 'ada' });
    expect(await requestEventsOf(engine, id)).toMatchObject([{ type: 'request.opened' }, { by: 'ada' }]);
  });

  it.each<[words: string, Request, Answer, Answer]>([
    ['"allow" by ada', request, allow, deny],
    ['"allow" for the session by ada', request, { ...allow, forSession: true } as Answer, allow],
    ['"accept" by ada', form, { kind: 'form', action: 'accept' }, { kind: 'form', action: 'decline' }],
    ['"a", "b" by ada', pick, { kind: 'answers', answers: { which: ['a', 'b'] } }, { kind: 'answers', answers: {} }],
    ['nothing by ada', pick, { kind: 'answers', answers: {} }, { kind: 'answers', answers: { which: ['a'] } }],
  ])('takes no other answer, and says that it was answered with %s', async (words, wanted, answer, other) => {
    const { engine } = await openEngine();
    const { asked, onRequest } = whenAsked();
    await engine.tasks.define(taskOf(asking(wanted), { onRequest }));
    const { id } = await engine.launch('task');
    await asked;
    await engine.controls.answer(id, wanted.id, answer, 'ada');
    await engine.runs.outcome(id);
    const refused = await failureOf(engine.controls.answer(id, wanted.id, other, 'bob'));
    expect(refused).toMatchObject({ code: 'not-found', message: expect.stringContaining(`with ${words}`) });
  });

  it('was answered by a rule, which is said', async () => {
    const { engine, store } = await openEngine();
    await engine.tasks.define(taskOf(asking(request), { rules: [build] }));
    const { id } = await engine.launch('task');
    await engine.runs.outcome(id);
    const kept = (await store.requests.find(id, 'q-1'))?.answer as Answer;
    await engine.controls.answer(id, 'q-1', kept, 'bob');
    const refused = await failureOf(engine.controls.answer(id, 'q-1', deny, 'bob'));
    expect(refused.message).toBe('the request q-1 was answered with "allow" by rule build before');
    expect((await failureOf(engine.controls.answer(id, 'q-9', deny, 'bob'))).code).toBe('not-found');
  });

  it('takes no secret a second time, not even the same one, and does not tell it', async () => {
    const { engine } = await openEngine();
    const { asked, onRequest } = whenAsked();
    await engine.tasks.define(taskOf(asking(question), { onRequest }));
    const { id } = await engine.launch('task');
    await asked;
    const pin: Answer = { kind: 'answers', answers: { pin: ['1234'] } };
    await engine.controls.answer(id, 'q-2', pin, 'ada');
    await engine.runs.outcome(id);
    const masked: Answer = { kind: 'answers', answers: { pin: ['(secret)'] } };
    for (const again of [pin, masked]) {
      const refused = await failureOf(engine.controls.answer(id, 'q-2', again, 'ada'));
      expect(refused.code).toBe('not-found');
      expect(refused.message).toBe('the request q-2 was answered with "(secret)" by ada before');
    }
  });

  it('needs no answer any more, which is told once, as answered, where it has one', async () => {
    const { engine, store } = await openEngine();
    const withdrawn = new AbortController();
    const answer = store.requests.answer.bind(store.requests);
    vi.spyOn(store.requests, 'answer').mockImplementation(async (...given) => {
      const isAnswered = await answer(...given);
      withdrawn.abort();
      return isAnswered;
    });
    const { asked, onRequest } = whenAsked();
    const over = Promise.withResolvers<void>();
    const execute = async (context: RunContext) => {
      await context.ask(request, withdrawn.signal).catch(() => {});
      await over.promise;
    };
    await engine.tasks.define(taskOf(execute, { onRequest }));
    const { id } = await engine.launch('task');
    await asked;
    const live = engine.controls.live(id);
    const all = [live.answer('q-1', allow, 'ada'), live.answer('q-1', allow, 'bob'), live.answer('q-1', deny, 'eve')];
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    over.resolve();
    await engine.runs.outcome(id);
    expect(await requestEventsOf(engine, id)).toMatchObject([{ type: 'request.opened' }, { answer: allow, by: 'ada' }]);
  });
});
