import { describe, expect, it } from 'vitest';
import { cut, fail, httpError, incomplete, line, type Step, say, shell } from '../../../src/testing/index.ts';
import { BINARIES, NEWEST, startConversation } from '../../support/codex.ts';
import { freePort } from '../../support/ports.ts';

const refused = (status: number, message: string) =>
  httpError(status, { error: { message, type: 'refused', code: null } });

/** What the provider does for ever, and what Codex makes of it. */
const HOPELESS: readonly (readonly [name: string, steps: readonly Step[], says: RegExp])[] = [
  ['400', [refused(400, 'no such thing')], /no such thing/],
  ['401', [refused(401, 'bad key')], /401/],
  ['403', [refused(403, 'forbidden')], /403/],
  ['404', [refused(404, 'no model')], /404|no model/],
  ['429', [refused(429, 'slow down')], /429/],
  ['500', [refused(500, 'broken')], /500|high demand|error/i],
  ['503', [refused(503, 'overloaded')], /503|overload|high demand/i],
  ['a stream that is cut', [say('half'), cut()], /disconnected/],
  ['context_length_exceeded', [fail('context_length_exceeded', 'too long')], /context window/i],
  ['insufficient_quota', [fail('insufficient_quota', 'no money')], /quota|usage/i],
  ['invalid_prompt', [fail('invalid_prompt', 'bad prompt')], /bad prompt/],
  ['server_error', [fail('server_error', 'oh no')], /oh no|disconnected/],
  ['max_output_tokens', [incomplete('max_output_tokens')], /max_output_tokens/],
];

describe.each(BINARIES)('a provider that fails, with codex $version', (binary) => {
  it.each(HOPELESS)(
    '%s: the turn fails with its reason, nothing hangs, and the thread takes the next message',
    async (_, steps, says) => {
      let isMended = false;
      const { conversation } = await startConversation({
        binary,
        script: () => (isMended ? [say('fine again')] : steps),
      });
      const told: string[] = [];
      conversation.onMessage((_text, { status }) => told.push(status));
      const result = await (await conversation.send('go')).completed;
      expect(result.status).toBe('failed');
      expect(`${result.error?.message} ${result.error?.additionalDetails}`).toMatch(says);
      expect(told).toEqual(['failed']);
      isMended = true;
      await expect((await conversation.send('again')).completed).resolves.toMatchObject({
        status: 'completed',
        text: 'fine again',
      });
    },
  );

  it('passes over lines in the stream that are no events', async () => {
    const { conversation } = await startConversation({
      binary,
      script: [line('data: {not json'), line(': a comment'), say('fine')],
    });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({
      status: 'completed',
      text: 'fine',
    });
  });

  it('goes on after a call of a tool that does not exist', async () => {
    const nonsense = { kind: 'tool', name: 'no_such_tool', input: {} } as const;
    const { conversation, model } = await startConversation({ binary, script: [nonsense, say('fine')] });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({
      status: 'completed',
      text: 'fine',
    });
    expect(model.requests[1]?.outputs.join()).toMatch(/unsupported|unknown/i);
  });

  it('does not hang on a command that writes where it must not, although codex may tell nothing of it', async () => {
    const { conversation } = await startConversation({
      binary,
      script: [shell('touch /usr/denied'), say('it was denied')],
    });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({
      status: 'completed',
      text: 'it was denied',
    });
  });
});

describe('what codex would try for ever', () => {
  it('gives up on a provider that refuses connections after the deadline, and the thread takes the next message (0.169)', async () => {
    const port = await freePort();
    const { conversation } = await startConversation({
      binary: NEWEST,
      baseUrl: `http://127.0.0.1:${port}/v1`,
      conversation: { deadlines: { retryMs: 1_000 } },
    });
    const result = await (await conversation.send('go')).completed;
    expect(result).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('given up after 1 s') },
    });
    expect(conversation.isPending()).toBe(false);
    const second = await (await conversation.send('again')).completed;
    expect(second.status).toBe('failed');
  });
});
