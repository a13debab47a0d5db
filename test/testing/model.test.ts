import { describe, expect, it } from 'vitest';
import { ScriptedModel } from '../../src/testing/model.ts';
import { cut, endTurn, hang, httpError, pause, say, shell } from '../../src/testing/step.ts';
import { ask, converse, parseEvents, saidIn, startModel } from '../support/model-client.ts';

describe('ScriptedModel with a script', () => {
  it('walks each thread through it on its own', async () => {
    const model = await startModel({ script: [say('one'), shell('ls'), say('two'), endTurn(), say('three')] });
    const seen: string[] = [];
    for (const thread of ['a', 'b', 'b', 'a', 'a']) {
      seen.push(`${thread}: ${saidIn(await converse(model, { thread }))}`);
    }
    expect(seen).toEqual(['a: one', 'b: one', 'b: two', 'a: two', 'a: three']);
  });

  it('refuses a request beyond its end, and says whose', async () => {
    const model = await startModel({ script: [say('all')] });
    await converse(model);
    const refused = await ask(model);
    expect(refused.status).toBe(400);
    const message = 'the script has 1 responses and thread thread-1 asks for one more';
    await expect(refused.json()).resolves.toEqual({ error: { message } });
  });

  it('answers each request by a function', async () => {
    const model = await startModel({ script: async ({ number, userText }) => [say(`${number}: ${userText}`)] });
    expect(saidIn(await converse(model, { text: 'Hi' }))).toBe('1: Hi');
    expect(saidIn(await converse(model, { text: 'Again' }))).toBe('2: Again');
  });

  it('tells a script that throws as what it is', async () => {
    const script = () => {
      throw new Error('no such case');
    };
    const refused = await ask(await startModel({ script }));
    expect(refused.status).toBe(400);
    await expect(refused.json()).resolves.toEqual({ error: { message: 'the script failed: no such case' } });
  });

  it('refuses a request that is no JSON', async () => {
    const { url } = await startModel();
    const refused = await fetch(`${url}/responses`, { method: 'POST', body: '{"broken' });
    expect(refused.status).toBe(400);
  });
});

describe('ScriptedModel without a script', () => {
  it('does what prompts say, one response for each request of a turn', async () => {
    const model = await startModel();
    const text = '!run ls\n!say one';
    expect(saidIn(await converse(model, { text }))).toBe('');
    expect(saidIn(await converse(model, { text }))).toBe('one');
    expect(saidIn(await converse(model, { text }))).toBe('Done.');
  });

  it('begins anew with each turn, and with each message in one', async () => {
    const model = await startModel();
    const text = '!say one';
    for (const question of [{ text }, { text, turn: 'turn-2' }, { text, thread: 'other' }, { text: '!say one\n' }]) {
      expect(saidIn(await converse(model, question))).toBe('one');
    }
  });

  it.each(['!dance', '!tool x {broken', '!http often'])('refuses the prompt %s', async (text) => {
    expect((await ask(await startModel(), { text })).status).toBe(400);
  });
});

describe('ScriptedModel as a bad provider', () => {
  it('refuses with a status, a body and headers', async () => {
    const model = await startModel({
      script: [httpError(429, { error: { code: 'slow_down' } }, { 'retry-after': '7' }), httpError(502, 'Bad Gateway')],
    });
    const limited = await ask(model);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    await expect(limited.json()).resolves.toEqual({ error: { code: 'slow_down' } });
    const broken = await ask(model);
    expect([broken.status, await broken.text()]).toEqual([502, 'Bad Gateway']);
  });

  it('breaks its answer off after what it said before', async () => {
    const { body } = await ask(await startModel({ script: [say('half'), cut()] }));
    let text = '';
    const read = async () => {
      for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk;
    };
    await expect(read()).rejects.toThrow('terminated');
    expect(saidIn(parseEvents(text))).toBe('half');
  });

  it('falls silent until it is closed', async () => {
    const model = await startModel({ script: [say('half'), hang()] });
    const answer = await ask(model);
    const read = expect(answer.text()).rejects.toThrow('terminated');
    await model.close();
    await read;
  });

  it('goes on once a promise settles', async () => {
    const gate = Promise.withResolvers<void>();
    const model = await startModel({ script: [say('before'), pause(gate.promise), say(' after')] });
    const { body } = await ask(model);
    let text = '';
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (!text.includes('"text":"before"')) continue;
      expect(text).not.toContain('after');
      gate.resolve();
      break;
    }
    expect(saidIn(await converse(model, { thread: 'other' }))).toBe('before after');
  });
});

describe('ScriptedModel', () => {
  it('finds a request that was made, and waits for one that was not', async () => {
    const model = await startModel();
    const later = model.request(({ userText }) => userText === 'second');
    await converse(model, { text: 'first' });
    await expect(model.request()).resolves.toMatchObject({ number: 1, userText: 'first', threadId: 'thread-1' });
    await converse(model, { text: 'second' });
    await expect(later).resolves.toMatchObject({ number: 2 });
  });

  it('keeps the newest requests', async () => {
    const model = await startModel({ keepRequests: 2 });
    for (const text of ['a', 'b', 'c']) await converse(model, { text });
    expect(model.requests.map(({ userText }) => userText)).toEqual(['b', 'c']);
  });

  it('lists no models, and knows no other address', async () => {
    const { url } = await startModel();
    await expect((await fetch(`${url}/models`)).json()).resolves.toEqual({ object: 'list', data: [] });
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
    expect((await fetch(`${url}/responses`)).status).toBe(404);
  });

  it('frees its port when it is closed, also twice', async () => {
    const model = await ScriptedModel.start();
    const port = Number(new URL(model.url).port);
    await expect(ScriptedModel.start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await model.close();
    await model.close();
    await using again = await ScriptedModel.start({ port });
    expect(new URL(again.url).port).toBe(String(port));
  });

  it('listens on this machine only, unless told otherwise', async () => {
    expect(new URL((await startModel()).url).hostname).toBe('127.0.0.1');
  });

  it('outlives a client that goes away in the middle', async () => {
    const model = await startModel({ script: [say('x'.repeat(1_000_000), { chunk: 1000 })] });
    const { body } = await ask(model);
    await body?.cancel();
    expect(parseEvents(await (await ask(model, { thread: 'other' })).text()).at(-1)?.type).toBe('response.completed');
  });
});
