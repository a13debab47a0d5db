import { describe, expect, it } from 'vitest';
import { type ModelRequest, readModelRequest } from '../../src/testing/request.ts';

type Body = ModelRequest['body'];

const user = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
const read = (body: Body, headers = {}) => readModelRequest(1, headers, body);

describe('readModelRequest', () => {
  it('finds who asks, in a new Codex and in an old one', () => {
    const metadata = { thread_id: 'thread-1', turn_id: 'turn-1' };
    expect(read({ client_metadata: metadata })).toMatchObject({ threadId: 'thread-1', turnId: 'turn-1' });
    const headers = { 'x-codex-turn-metadata': '{"turn_id":"turn-2"}' };
    expect(read({ prompt_cache_key: 'thread-2' }, headers)).toMatchObject({ threadId: 'thread-2', turnId: 'turn-2' });
  });

  it.each([{}, { 'x-codex-turn-metadata': '{"broken' }, { 'x-codex-turn-metadata': '{}' }])(
    'makes nothing up when nobody says who asks: %j',
    (headers) => {
      expect(read({}, headers)).toMatchObject({ threadId: '', turnId: '', model: '', userText: '', tools: [] });
    },
  );

  it('finds the last words of a person among the notes of Codex', () => {
    const notes = [
      '<environment_context>x</environment_context>',
      '# AGENTS.md instructions',
      '  <user_instructions a>',
    ];
    const input = [user('first'), user('second'), ...notes.map(user)];
    expect(read({ input }).userText).toBe('second');
  });

  it('joins the parts of a message', () => {
    const content = [{ type: 'input_text', text: 'a' }, { type: 'input_image' }, { type: 'input_text', text: 'b' }];
    expect(read({ input: [{ type: 'message', role: 'user', content }] }).userText).toBe('a\n\nb');
  });

  it('finds the outputs since that message, whatever they are', () => {
    const output = (value: unknown) => ({ type: 'function_call_output', output: value });
    const input = [output('before'), user('do it'), output('text'), output({ ok: true })];
    expect(read({ input }).outputs).toEqual(['text', '{"ok":true}']);
  });

  it('names the tools on offer, those without a name by their type', () => {
    const tools = [{ type: 'function', name: 'exec_command' }, { type: 'web_search' }];
    expect(read({ tools }).tools).toEqual(['exec_command', 'web_search']);
  });

  it('keeps the body as it came', () => {
    const body = { model: 'm', unknown: [1] };
    expect(read(body)).toMatchObject({ model: 'm', body });
  });
});
