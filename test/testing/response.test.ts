import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readModelRequest } from '../../src/testing/request.ts';
import { playResponse } from '../../src/testing/response.ts';
import {
  callTool,
  escalate,
  event,
  fail,
  incomplete,
  line,
  patch,
  type Step,
  say,
  shell,
  think,
  together,
  usage,
} from '../../src/testing/step.ts';
import { ask, converse, parseEvents, type Question, readStream, saidIn, startModel } from '../support/model-client.ts';
import { until } from '../support/processes.ts';

/** The events of a response that consists of these steps. */
async function play(steps: readonly Step[], question?: Question) {
  return converse(await startModel({ script: () => steps }), question);
}

/** The items that a response brings. */
async function itemsOf(steps: readonly Step[], question?: Question) {
  const events = await play(steps, question);
  return events.flatMap((one) => (one.type === 'response.output_item.done' ? [one.item] : []));
}

const PATCH = '*** Begin Patch\n*** Delete File: a\n*** End Patch';

describe('a response of the scripted model', () => {
  it('says a text in pieces, and whole in the end', async () => {
    const text = 'Hello there, this has more than one piece.';
    const events = await play([say(text, { chunk: 10, phase: 'final_answer' })]);
    expect(events.map(({ type }) => type)).toEqual([
      'response.created',
      'response.output_item.added',
      ...Array.from({ length: 5 }, () => 'response.output_text.delta'),
      'response.output_item.done',
      'response.completed',
    ]);
    expect(saidIn(events)).toBe(text);
    const item = {
      type: 'message',
      role: 'assistant',
      phase: 'final_answer',
      content: [{ type: 'output_text', text }],
    };
    expect(events.at(-2)).toMatchObject({ item });
  });

  it('comes as server-sent events, each response with an id of its own', async () => {
    const model = await startModel({ script: () => [say('a')] });
    const [first, second] = [await ask(model), await ask(model)];
    expect(first.headers.get('content-type')).toBe('text/event-stream');
    const ids = [await readStream(first), await readStream(second)].map((events) => events[0]?.response);
    expect(ids).toEqual([{ id: 'resp_1' }, { id: 'resp_2' }]);
  });

  it('never cuts a character in two', async () => {
    const text = '𝄞'.repeat(7);
    const deltas = (await play([say(text, { chunk: 3 })])).flatMap(({ delta }) => (delta ? [String(delta)] : []));
    expect(deltas.join('')).toBe(text);
    for (const delta of deltas) expect(delta.isWellFormed()).toBe(true);
  });

  it('shows reasoning as a summary', async () => {
    const events = await play([think('Hm.')]);
    expect(events.map(({ type }) => type)).toContain('response.reasoning_summary_text.delta');
    expect(events.at(-2)).toMatchObject({
      item: { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] },
    });
  });

  it('runs a command by the tool that Codex offers', async () => {
    const [item] = await itemsOf([shell('ls', { workdir: '/w', yieldMs: 5 })]);
    expect(item).toMatchObject({ type: 'function_call', name: 'exec_command' });
    const input = { cmd: 'ls', workdir: '/w', yield_time_ms: 5 };
    expect(JSON.parse((item as { arguments: string }).arguments)).toEqual(input);
  });

  it('asks to leave the sandbox, with its justification', async () => {
    const [item] = await itemsOf([escalate('ls', 'I must')]);
    const input = { cmd: 'ls', sandbox_permissions: 'require_escalated', justification: 'I must' };
    expect(JSON.parse((item as { arguments: string }).arguments)).toEqual(input);
  });

  it('patches by the tool for it, and through a shell where there is none', async () => {
    const [tool] = await itemsOf([patch(PATCH)]);
    expect(tool).toMatchObject({ type: 'custom_tool_call', name: 'apply_patch', input: PATCH });
    const [shell] = await itemsOf([patch(PATCH)], { tools: ['exec_command'] });
    expect(shell).toMatchObject({ name: 'exec_command', arguments: expect.stringContaining('apply_patch <<') });
  });

  it('calls any tool, with JSON or with text', async () => {
    const [json, text] = await itemsOf([together(callTool('find', { q: 1 }, 'docs'), callTool('write', 'free'))]);
    expect(json).toMatchObject({ type: 'function_call', name: 'find', namespace: 'docs', arguments: '{"q":1}' });
    expect(text).toMatchObject({ type: 'custom_tool_call', name: 'write', input: 'free' });
  });

  it('gives every call an id of its own', async () => {
    const items = await itemsOf([together(shell('a'), shell('b'), shell('c'))]);
    expect(new Set(items.map((item) => (item as { call_id: string }).call_id)).size).toBe(3);
  });

  it('reports tokens: a small number, or what the script says', async () => {
    expect((await play([say('a')])).at(-1)).toMatchObject({ response: { usage: { total_tokens: 150 } } });
    const told = { input: 100, cached: 60, output: 20, reasoning: 5 };
    expect((await play([usage(told), say('a')])).at(-1)).toMatchObject({
      response: {
        usage: {
          input_tokens: 100,
          input_tokens_details: { cached_tokens: 60 },
          output_tokens: 20,
          output_tokens_details: { reasoning_tokens: 5 },
          total_tokens: 120,
        },
      },
    });
  });

  it('fails, or stays incomplete, in the words of the API, and says no more', async () => {
    const failed = await play([say('a'), fail('context_length_exceeded', 'too long')]);
    const error = { code: 'context_length_exceeded', message: 'too long' };
    expect(failed.at(-1)).toMatchObject({ type: 'response.failed', response: { error } });
    const cut = await play([incomplete('max_output_tokens')]);
    const incomplete_details = { reason: 'max_output_tokens' };
    expect(cut.at(-1)).toMatchObject({ type: 'response.incomplete', response: { incomplete_details } });
  });

  it('sends any event, and any line', async () => {
    const model = await startModel({ script: () => [event('response.new', { a: 1 }), line(': a comment')] });
    const text = await (await ask(model)).text();
    expect(parseEvents(text)).toContainEqual({ type: 'response.new', a: 1 });
    expect(text).toContain('\n\n: a comment\n\n');
  });

  it('waits for a slow reader instead of keeping a large text in memory', async () => {
    const megabytes = 32;
    const text = 'x'.repeat(megabytes * 1024 * 1024);
    const begun = Promise.withResolvers<ServerResponse>();
    const server = createServer((_request, response) => {
      begun.resolve(response);
      void playResponse([say(text, { chunk: 65_536 })], readModelRequest(1, {}, {}), response);
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await until(() => server.listening);
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
    socket.write('GET / HTTP/1.1\r\nHost: model\r\nConnection: close\r\n\r\n');
    const response = await begun.promise;
    await until(() => response.writableNeedDrain, 'a reader that is too slow');
    expect(response.writableLength).toBeLessThan(1024 * 1024);
    let bytes = 0;
    for await (const chunk of socket) {
      bytes += (chunk as Buffer).length;
      expect(response.listenerCount('close')).toBeLessThan(10);
    }
    expect(bytes).toBeGreaterThan(2 * text.length); // the pieces, and the whole
  });
});
