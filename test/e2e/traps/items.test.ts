import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pause, event as rawEvent, type Step, say, shell } from '../../../src/testing/index.ts';
import { joinBare, startBare } from '../../support/bare-client.ts';
import { BINARIES, NEWEST, OLDEST, startCodex, type TestedBinary } from '../../support/codex.ts';
import { until } from '../../support/processes.ts';
import { haltDuringCommands } from './halted.ts';
import { journalOf } from './journal-of.ts';

/** The events of a message that is said in two pieces, with what lies between them. */
function saidInTwo(between: Step): Step[] {
  const item = { type: 'message', role: 'assistant', id: 'msg_two' };
  const piece = (delta: string) =>
    rawEvent('response.output_text.delta', { item_id: item.id, output_index: 0, content_index: 0, delta });
  const content = [{ type: 'output_text', text: 'one two', annotations: [] }];
  return [
    rawEvent('response.output_item.added', { output_index: 0, item: { ...item, content: [] } }),
    piece('one '),
    between,
    piece('two'),
    rawEvent('response.output_item.done', { output_index: 0, item: { ...item, content } }),
  ];
}

describe.each(BINARIES)('the items of codex $version', (binary) => {
  it('have a note for the model instead of a picture that cannot be read, and the turn completes', async () => {
    const { workspace, client, model, startThread, notified } = await startBare({ binary });
    const threadId = await startThread({ cwd: workspace });
    writeFileSync(join(workspace, 'broken.png'), 'this is no picture');
    const notes = { 'missing.png': 'could not read the local image', 'broken.png': 'could not be processed' };
    for (const [name, note] of Object.entries(notes)) {
      const picture = { type: 'localImage' as const, path: join(workspace, name) };
      const text = { type: 'text' as const, text: '!say I see', text_elements: [] };
      const { turn } = await client.call('turn/start', { threadId, input: [text, picture] });
      const { status } = (await notified('turn/completed', (params) => params.turn.id === turn.id)).turn;
      expect(status).toBe('completed');
      const message = JSON.stringify((model.requests.at(-1)?.body.input as unknown[] | undefined)?.at(-1));
      expect([message.includes(note), message.includes('input_image')]).toEqual([true, false]);
    }
  });

  it('give a command as its shell has it, which the journal of ours unwraps', async () => {
    const { conversation, events } = await startCodex({ binary });
    const { of } = journalOf(conversation);
    await conversation.bootstrap();
    await (await conversation.send('!run echo "two words"\n!say done')).completed;
    expect(JSON.stringify(events)).toContain("/bin/bash -lc 'echo");
    // Its end may come after that of its turn, where the machine is busy.
    const commands = of('item.started').flatMap(({ item }) => (item.kind === 'command' ? [item.command] : []));
    expect(commands).toEqual(['echo "two words"']);
  });

  it('give the output of a fast command with its end only', async () => {
    const { codex, workspace, of, startThread, runTurn } = await startBare({ binary });
    const threadId = await startThread({ cwd: workspace });
    // On a busy machine no command is fast, but one whose end codex sees together with its output.
    const letGo = haltDuringCommands(codex.process.identity.pid);
    // That codex is stopped in time is a race too.
    await until(async () => {
      const { id } = await runTurn(threadId, '!run echo quickly\n!say done');
      const ended = of('item/completed').find(({ item, turnId }) => turnId === id && item.type === 'commandExecution');
      expect(ended?.item).toMatchObject({ aggregatedOutput: 'quickly\n' });
      return of('item/commandExecution/outputDelta').every(({ turnId }) => turnId !== id);
    }, 'a command without deltas');
    await letGo();
  });

  it('may go on, and end, for a client that heard nothing of their beginning', async () => {
    const gate = Promise.withResolvers<void>();
    const first = await startBare({ binary, over: 'socket', script: saidInTwo(pause(gate.promise)) });
    const threadId = await first.startThread({ cwd: first.workspace });
    await first.startTurn(threadId, 'go');
    await first.notified('item/agentMessage/delta');
    const { client, of, notified } = await joinBare(first);
    const { thread } = await client.call('thread/resume', { threadId });
    expect(thread.turns.at(-1)?.items.map(({ type }) => type)).toEqual(['userMessage']);
    gate.resolve();
    await notified('turn/completed');
    expect(of('item/started')).toEqual([]);
    expect(of('item/agentMessage/delta')).toMatchObject([{ delta: 'two' }]);
    expect(of('item/completed')).toMatchObject([{ item: { type: 'agentMessage', text: 'one two' } }]);
  });
});

describe('what only one of the two versions tells of an item', () => {
  it('tells the whole output of a command that outlives its turn (0.169), or only the last of it (0.142)', async () => {
    const outputOf = async (binary: TestedBinary) => {
      const script = [
        shell('echo first; until [ -e go ]; do sleep 0.05; done; echo last', { yieldMs: 1_000 }),
        say('done'),
      ];
      const { workspace, notified, startThread, runTurn } = await startBare({ binary, script });
      await runTurn(await startThread({ cwd: workspace }), 'Go.');
      writeFileSync(join(workspace, 'go'), '');
      const { item } = await notified('item/completed', (params) => params.item.type === 'commandExecution');
      return item.type === 'commandExecution' ? item.aggregatedOutput : undefined;
    };
    expect(await outputOf(NEWEST)).toBe('first\nlast\n');
    // What a busy machine holds up is told whole.
    await until(async () => {
      const output = await outputOf(OLDEST);
      expect(output).toMatch(/^(first\n)?last\n$/);
      return output === 'last\n';
    }, 'the output of the older one');
  });

  it('gives a command fields that 0.142 does not have (0.169)', async () => {
    const fieldsOf = async (binary: TestedBinary) => {
      const { workspace, of, startThread, runTurn } = await startBare({ binary });
      await runTurn(await startThread({ cwd: workspace }), '!run true\n!say done');
      const items = of('item/completed').map(({ item }) => item);
      return Object.keys(items.find(({ type }) => type === 'commandExecution') ?? {});
    };
    const fields = ['pluginId', 'scriptPath', 'startedAtMs', 'completedAtMs'];
    expect(await fieldsOf(NEWEST)).toEqual(expect.arrayContaining(fields));
    expect((await fieldsOf(OLDEST)).filter((field) => fields.includes(field))).toEqual([]);
  });
});
