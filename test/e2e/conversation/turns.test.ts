import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endTurn, pause, say, shell } from '../../../src/testing/index.ts';
import { BINARIES, NEWEST, OLDEST, startConversation } from '../../support/codex.ts';
import { notification } from '../../support/events.ts';
import { makePipe } from '../../support/pipes.ts';

describe.each(BINARIES)('turns with codex $version', (binary) => {
  it('gives the answer, all that was said, the usage and the status of a turn', async () => {
    const { conversation } = await startConversation({ binary });
    const turn = await conversation.send('!usage 1000\n!say first\n!run true\n!say second');
    // Of the 120 tokens of a small input 40 are cached.
    await expect(turn.completed).resolves.toMatchObject({
      id: turn.id,
      status: 'completed',
      text: 'second',
      messages: ['first', 'second'],
      usage: { total: 2150, input: 1120, cached: 40, output: 1030, reasoning: 10 },
      error: null,
    });
    expect(conversation.isPending()).toBe(false);
  });

  it('runs two messages that are sent at once as two turns, one after the other', async () => {
    const { conversation, events } = await startConversation({ binary });
    const turns = await Promise.all([conversation.send('!say one'), conversation.send('!say two')]);
    expect(conversation.isPending()).toBe(true);
    const results = await Promise.all(turns.map((turn) => turn.completed));
    expect(results.map((result) => result.text)).toEqual(['one', 'two']);
    const order = events.flatMap((event) => {
      if (notification('turn/started')(event)) return ['started'];
      return notification('turn/completed')(event) ? ['completed'] : [];
    });
    expect(order).toEqual(['started', 'completed', 'started', 'completed']);
    expect(conversation.isPending()).toBe(false);
  });

  it('hands each ended turn to onMessage once, and its raw messages to onEvent in the order of the wire', async () => {
    const { conversation, events } = await startConversation({ binary });
    const told: unknown[] = [];
    conversation.onMessage((text, { turnId, status, ours }) => told.push({ text, turnId, status, ours }));
    const turn = await conversation.send('!say hello');
    await turn.completed;
    expect(told).toEqual([{ text: 'hello', turnId: turn.id, status: 'completed', ours: true }]);
    const methods = events.flatMap((event) => ('method' in event ? [event.method] : []));
    const expected = ['turn/started', 'item/started', 'item/agentMessage/delta', 'turn/completed'];
    expect(methods.filter((method) => expected.includes(method)).filter((m, i, all) => m !== all[i - 1])).toEqual([
      'turn/started',
      'item/started',
      'item/agentMessage/delta',
      'turn/completed',
    ]);
  });

  it('puts a steered message into the running turn, and both messages share its end', async () => {
    const gate = Promise.withResolvers<void>();
    const script = [
      say('thinking'),
      shell('echo working'),
      pause(gate.promise),
      say('dropped or not'),
      shell('true'),
      say('steered'),
    ];
    const { conversation, event, model } = await startConversation({ binary, script });
    const turn = await conversation.send('begin');
    await event(
      notification('item/completed', ({ item }: { item: { type: string } }) => item.type === 'commandExecution'),
    );
    const steered = await conversation.send('and also this', { steer: true });
    gate.resolve();
    expect(steered.id).toBe(turn.id);
    const [first, second] = await Promise.all([turn.completed, steered.completed]);
    expect(first).toBe(second);
    expect(JSON.stringify(model.requests.at(-1)?.body.input)).toContain('and also this');
  });

  it('starts a turn with a steered message when none runs', async () => {
    const { conversation } = await startConversation({ binary });
    const turn = await conversation.send('!say on my own', { steer: true });
    await expect(turn.completed).resolves.toMatchObject({ text: 'on my own' });
  });

  it('sends a model change with the next turn and not before, and only once', async () => {
    const { conversation, model } = await startConversation({ binary });
    await (await conversation.send('!say a')).completed;
    conversation.requestModelChange('another-model');
    expect(conversation.currentModelId).toBe('another-model');
    for (const text of ['!say b', '!say c']) await (await conversation.send(text)).completed;
    expect(model.requests.map((request) => request.model)).toEqual(['scripted', 'another-model', 'another-model']);
  });

  it('refuses an effort that the model is known not to take, before anything is sent', async () => {
    const { conversation } = await startConversation({ binary, conversation: { reasoningEffort: 'ludicrous' } });
    const known = conversation.modelList.data[0]?.id ?? '';
    conversation.requestModelChange(known);
    await expect(conversation.send('!say a')).rejects.toMatchObject({
      code: 'invalid-input',
      details: { field: 'reasoningEffort' },
    });
  });

  it('passes an output schema and a picture on to the model', async () => {
    const { conversation, model } = await startConversation({ binary });
    const pixel =
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const outputSchema = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    const input = [
      { type: 'text', text: '!say {"a":"b"}' },
      { type: 'image', url: pixel },
    ] as const;
    await (await conversation.send(input, { outputSchema })).completed;
    const body = JSON.stringify(model.requests[0]?.body);
    expect(body).toContain('"json_schema"');
    expect(body).toContain('input_image');
  });

  it('tells that a command outlived its turn under the id of that turn, and the next turn is not disturbed', async () => {
    const over = Promise.withResolvers<void>();
    const script = [
      shell('cat held; echo late', { yieldMs: 250 }),
      say('gone on'),
      endTurn(),
      pause(over.promise),
      say('next'),
    ];
    const { conversation, event, events, workspace } = await startConversation({ binary, script });
    const held = makePipe(join(workspace, 'held'));
    const first = await conversation.send('go');
    await expect(first.completed).resolves.toMatchObject({ text: 'gone on' });
    const second = await conversation.send('again');
    await event(notification('turn/started', ({ turn }: { turn: { id: string } }) => turn.id === second.id));
    await writeFile(held, ''); // lets the command go on
    const isCommand = ({ item, turnId }: { item: { type: string }; turnId: string }) =>
      item.type === 'commandExecution' && turnId === first.id;
    const late = await event(notification('item/completed', isCommand));
    over.resolve();
    await expect(second.completed).resolves.toMatchObject({ text: 'next' });
    const ended = await event(
      notification('turn/completed', ({ turn }: { turn: { id: string } }) => turn.id === first.id),
    );
    expect(events.indexOf(late)).toBeGreaterThan(events.indexOf(ended));
  });

  it('gives an empty answer for a turn in which the model said nothing', async () => {
    const { conversation } = await startConversation({ binary, script: () => [] });
    await expect((await conversation.send('say nothing')).completed).resolves.toMatchObject({
      status: 'completed',
      text: '',
    });
  });

  it('applies a patch by the tool of a model that has one, and through the shell otherwise', async () => {
    const { conversation, events, model } = await startConversation({ binary });
    await (await conversation.send('!write a.txt hello')).completed;
    conversation.requestModelChange('gpt-5.5');
    await (await conversation.send('!write b.txt hello')).completed;
    const hasTool = [model.requests[0], model.requests.at(-1)].map((request) => request?.tools.includes('apply_patch'));
    expect(hasTool).toEqual([false, true]);
    const changed = ({ item }: { item: { type: string; status: string } }) =>
      item.type === 'fileChange' && item.status === 'completed';
    expect(events.filter(notification('item/completed', changed))).toHaveLength(2);
  });
});

describe('what only one of the two versions does', () => {
  it('sends the effort with the first turn (0.142 leaves it out for a model that it does not know)', async () => {
    const { conversation, model } = await startConversation({
      binary: NEWEST,
      conversation: { reasoningEffort: 'high' },
    });
    await (await conversation.send('!say a')).completed;
    expect(model.requests[0]?.body.reasoning).toMatchObject({ effort: 'high' });
  });

  it('cuts what the model is saying when it is steered (0.169), and lets it finish (0.142)', async () => {
    const messagesOf = async (binary: typeof NEWEST) => {
      const gate = Promise.withResolvers<void>();
      let asked = 0;
      const script = () =>
        asked++ === 0 ? [say('half a sentence', { chunk: 4 }), pause(gate.promise), say('the rest')] : [say('answer')];
      const { conversation, event } = await startConversation({ binary, script });
      const turn = await conversation.send('begin');
      await event(notification('item/agentMessage/delta'));
      const steered = await conversation.send('stop', { steer: true });
      if (binary === OLDEST) gate.resolve(); // 0.169 does not wait for the rest
      await steered.completed;
      gate.resolve();
      return (await turn.completed).messages;
    };
    expect((await messagesOf(NEWEST)).at(-1)).toBe('answer');
    expect(await messagesOf(OLDEST)).toEqual(['half a sentence', 'the rest', 'answer']);
  });
});
