import { describe, expect, it } from 'vitest';
import { callTool, cut, httpError, say } from '../../../src/testing/index.ts';
import { startBare } from '../../support/bare-client.ts';
import { BINARIES, startConversation } from '../../support/codex.ts';

const refused = (status: number) => httpError(status, { error: { message: 'no', type: 'refused', code: null } });

describe.each(BINARIES)('a provider that fails codex $version', (binary) => {
  it('by a cut after a whole message: that is kept, and the model goes on from it', async () => {
    const script = [say('a whole sentence'), cut(), say('the rest')];
    const { conversation, model } = await startConversation({ binary, script });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({
      status: 'completed',
      messages: ['a whole sentence', 'the rest'],
    });
    expect(JSON.stringify(model.requests.at(-1)?.body.input)).toContain('a whole sentence');
  });

  it.each([
    [500, 9, 'both numbers of retries are multiplied'],
    [401, 3, 'even a key that is no good is tried again'],
    [400, 1, 'nothing is tried again'],
  ])('with %i is asked %i times: %s', async (status, times) => {
    const provider = { request_max_retries: 2, stream_max_retries: 2 };
    const script = () => [refused(status)];
    const { workspace, model, startThread, runTurn } = await startBare({ binary, script, provider });
    const turn = await runTurn(await startThread({ cwd: workspace }), 'go');
    expect(turn.status).toBe('failed');
    expect(model.requests).toHaveLength(times);
  });

  it('by a refusal: its words are the whole body of the answer, as it came', async () => {
    const body = { error: { message: 'no such thing', type: 'refused' } };
    const script = () => [httpError(400, body)];
    const { workspace, startThread, runTurn } = await startBare({ binary, script });
    const { error } = await runTurn(await startThread({ cwd: workspace }), 'go');
    expect(error?.message).toBe(JSON.stringify(body));
  });

  it('by a call without what its tool wants: only the model is told', async () => {
    const script = [callTool('exec_command', { nonsense: true }), say('I see')];
    const { workspace, model, of, startThread, runTurn } = await startBare({ binary, script });
    const turn = await runTurn(await startThread({ cwd: workspace }), 'go');
    expect(turn.status).toBe('completed');
    expect(model.requests.at(-1)?.outputs.join()).toContain('missing field');
    expect(of('item/started').map(({ item }) => item.type)).toEqual(['userMessage', 'agentMessage']);
  });
});
