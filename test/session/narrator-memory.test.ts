import { setImmediate as breathe } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { CodexConversation } from '../../src/codex/conversation.ts';
import { AccessGuard } from '../../src/session/guard.ts';
import { Narrator } from '../../src/session/narrator.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { heap } from '../support/heap.ts';
import { MemoryCodex, THREAD } from '../support/memory-codex.ts';

const TURNS = 100;
const OF_TURN = 10_000;
/** How many an item has, which are said in one go. */
const OF_ITEM = 1_000;
const PIECE = 'sixteen letters.';
const MEGABYTE = 1024 * 1024;

it('brings a million deltas of Codex to a reader of the journal, in memory that does not grow', {
  timeout: 120_000,
}, async () => {
  const { engine } = await openEngine();
  let [said, read] = [0, 0];
  const held: number[] = [];
  const task = taskOf(async (context) => {
    const codex = new MemoryCodex();
    const conversation = new CodexConversation({ cwd: '/repo' });
    conversation.attach({ transport: codex.connect() });
    void conversation.runReader();
    await conversation.bootstrap();
    const guard = new AccessGuard(context.host, { denied: [], writable: [], readable: [] });
    const narrator = new Narrator(context, conversation, guard);
    for (let turns = 1; turns <= TURNS; turns++) {
      const { id: turnId, completed } = await narrator.send({ text: 'Go.' });
      await codex.begin(turnId);
      for (let items = 0; items < OF_TURN / OF_ITEM; items++) {
        const id = `item ${items}`;
        const params = { threadId: THREAD, turnId, itemId: id, delta: PIECE };
        await codex.start(turnId, { type: 'agentMessage', id, text: '' });
        await codex.sayAll(Array.from({ length: OF_ITEM }, () => ({ method: 'item/agentMessage/delta', params })));
        said += OF_ITEM * PIECE.length;
        await context.written();
        while (read < said) await breathe(); // what is compacted after the turn cannot be read any more
        await codex.complete(turnId, { type: 'agentMessage', id, text: PIECE.repeat(OF_ITEM) });
      }
      await codex.end(turnId);
      await completed;
      if (turns === TURNS / 2 || turns === TURNS) held.push(heap());
    }
    conversation.close();
    codex.hangUp();
    return done();
  });
  await engine.tasks.define(task);
  const { id } = await engine.launch('task');
  for await (const event of engine.runs.events(id)) if (event.type === 'item.delta') read += event.delta.length;
  expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done' });
  expect(read).toBe(TURNS * OF_TURN * PIECE.length);
  const [middle = 0, end = 0] = held;
  expect(end - middle).toBeLessThan(2 * MEGABYTE);
});
