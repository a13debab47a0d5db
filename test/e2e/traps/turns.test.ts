import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toUserInput } from '../../../src/codex/input.ts';
import { endTurn, say, shell } from '../../../src/testing/index.ts';
import { startBare } from '../../support/bare-client.ts';
import { BINARIES, NEWEST, OLDEST, startConversation, type TestedBinary } from '../../support/codex.ts';
import { makePipe } from '../../support/pipes.ts';
import { until } from '../../support/processes.ts';

describe.each(BINARIES)('a turn of codex $version', (binary) => {
  it('is told with what the whole thread has used, also after that was taken up; ours tells what it used itself', async () => {
    const messages = ['!usage 1000\n!say one', '!usage 10\n!say two'];
    const bare = await startBare({ binary });
    const threadId = await bare.startThread({ cwd: bare.workspace });
    for (const message of messages) await bare.runTurn(threadId, message);
    const totals = bare.of('thread/tokenUsage/updated').map(({ tokenUsage }) => tokenUsage.total.inputTokens);
    expect(totals).toEqual([1_000, 1_010]);
    await bare.codex.stop();
    const options = { resumeThreadId: threadId };
    const { conversation } = await startConversation({ binary, from: bare, conversation: options });
    for (const [index, message] of messages.entries()) {
      const { usage } = await (await conversation.send(message)).completed;
      expect(usage.input).toBe([1_000, 10][index]);
    }
  });

  it('takes in the text of a second start, whose own turn never comes', async () => {
    const script = [shell('cat held', { yieldMs: 30_000 }), say('answer to both'), endTurn(), say('later')];
    const { workspace, model, of, startThread, startTurn, runTurn, notified } = await startBare({ binary, script });
    const held = makePipe(join(workspace, 'held'));
    const threadId = await startThread({ cwd: workspace });
    const first = await startTurn(threadId, 'first');
    await notified('item/started', ({ item }) => item.type === 'commandExecution');
    const second = await startTurn(threadId, 'SECOND-TEXT');
    await writeFile(held, ''); // lets the command end
    await notified('turn/completed', ({ turn }) => turn.id === first);
    expect(JSON.stringify(model.requests.at(-1)?.body.input)).toContain('SECOND-TEXT');
    const later = await runTurn(threadId, 'later');
    expect(of('turn/started').map(({ turn }) => turn.id)).toEqual([first, later.id]);
    // 0.142 promises a turn that never comes, 0.169 the one that runs.
    expect(second === first).toBe(binary === NEWEST);
  });

  it('is started again by a message of the same name', async () => {
    const { workspace, client, model, of, startThread, notified } = await startBare({ binary });
    const threadId = await startThread({ cwd: workspace });
    for (const _ of ['once', 'twice']) {
      const input = toUserInput('!say hello');
      const { turn } = await client.call('turn/start', { threadId, input, clientUserMessageId: 'the-same' });
      await notified('turn/completed', (params) => params.turn.id === turn.id);
    }
    const names = of('item/completed').flatMap(({ item }) => (item.type === 'userMessage' ? [item.clientId] : []));
    expect(names).toEqual(['the-same', 'the-same']);
    expect(model.requests).toHaveLength(2);
  });

  it('is lost although its start was answered, when codex is killed then', async () => {
    // Both give us time: 0.169 waits for the server before it stores a message, and 0.142 is slow to store a long one.
    const config = { mcp_servers: { slow: { command: 'sleep', args: ['461'] } } };
    const place = await startBare({ binary, config });
    const threadId = await place.startThread({ cwd: place.workspace });
    await place.client.call('thread/name/set', { threadId, name: 'stored before its first turn' });
    await place.codex.stop();
    await until(async () => {
      const killed = await startBare({ binary, from: place });
      await killed.client.call('thread/resume', { threadId });
      const turnId = await killed.startTurn(threadId, 'x'.repeat(1_000_000));
      process.kill(killed.codex.process.identity.pid, 'SIGKILL');
      await killed.codex.process.exited;
      const { client, codex } = await startBare({ binary, from: place });
      const { thread } = await client.call('thread/resume', { threadId });
      await codex.stop();
      return thread.turns.every(({ id, items }) => id !== turnId || items.length === 0);
    }, 'the loss of a message');
  });

  it('is interrupted, and without its command, when codex was killed in the middle of it', async () => {
    const script = [say('I look'), shell('sleep 451')];
    const killed = await startBare({ binary, script });
    const threadId = await killed.startThread({ cwd: killed.workspace });
    await killed.startTurn(threadId, 'go');
    await killed.notified('item/started', ({ item }) => item.type === 'commandExecution');
    process.kill(killed.codex.process.identity.pid, 'SIGKILL');
    await killed.codex.process.exited;
    const { client } = await startBare({ binary, from: killed });
    const { thread } = await client.call('thread/resume', { threadId });
    expect(thread.turns).toMatchObject([{ status: 'interrupted', error: null }]);
    expect(thread.turns[0]?.items.map(({ type }) => type)).toEqual(['userMessage', 'agentMessage']);
  });

  it('knows of no model but those of OpenAI, and takes 258,400 tokens for the window of any other', async () => {
    const { workspace, client, startThread, runTurn, notified } = await startBare({ binary });
    const { data } = await client.call('model/list', {});
    expect(data.length).toBeGreaterThan(1);
    expect(data.filter(({ model }) => !model.startsWith('gpt-'))).toEqual([]);
    await runTurn(await startThread({ cwd: workspace }), '!say hello');
    expect((await notified('thread/tokenUsage/updated')).tokenUsage.modelContextWindow).toBe(258_400);
  });

  it('has ended in each later snapshot of its thread, long after that was told', async () => {
    const { workspace, client, of, startThread, runTurn } = await startBare({ binary });
    const threadId = await startThread({ cwd: workspace });
    const { id } = await runTurn(threadId, '!say hello');
    const { thread } = await client.call('thread/resume', { threadId });
    expect(thread.turns).toMatchObject([{ id, status: 'completed' }]);
    expect(of('turn/completed')).toHaveLength(1);
  });
});

describe('what only one of the two versions tells at the end of a turn', () => {
  it('is its last message (0.169), or nothing (0.142)', async () => {
    const itemsOf = async (binary: TestedBinary) => {
      const { workspace, startThread, runTurn } = await startBare({ binary });
      const { items } = await runTurn(await startThread({ cwd: workspace }), '!say first\n!run true\n!say last');
      return items;
    };
    expect(await itemsOf(NEWEST)).toMatchObject([{ type: 'agentMessage', text: 'last' }]);
    expect(await itemsOf(OLDEST)).toEqual([]);
  });
});
