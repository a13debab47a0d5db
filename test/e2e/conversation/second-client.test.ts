import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MessageInfo } from '../../../src/codex/conversation.ts';
import { endTurn, escalate, type ModelRequest, pause, say } from '../../../src/testing/index.ts';
import { joinConversation, type StartOptions, startConversation } from '../../support/codex.ts';
import { notification } from '../../support/events.ts';

/** Two conversations about one thread: ours, and that of somebody else. */
async function startTwo(options: StartOptions = {}) {
  const ours = await startConversation({ ...options, over: 'socket' });
  const told: (Pick<MessageInfo, 'turnId' | 'status' | 'ours'> & { text: string })[] = [];
  ours.conversation.onMessage((text, { turnId, status, ours }) => told.push({ text, turnId, status, ours }));
  // Nobody can join a thread that has had no turn yet.
  await (await ours.conversation.send('!say the first')).completed;
  told.length = 0;
  const theirs = await joinConversation(ours, options.conversation);
  return { ours, theirs, told };
}

/** A model that answers a message with what it was, once the gate is open; the first one at once. */
function echoBehind(gate: Promise<void>) {
  return ({ userText }: ModelRequest) => [...(userText.startsWith('!') ? [] : [pause(gate)]), say(`re: ${userText}`)];
}

const ofTurn = (id: string) => (params: { turn: { id: string } }) => params.turn.id === id;
const ofCommand = ({ item }: { item: { type: string } }) => item.type === 'commandExecution';

describe('a second client on the thread', () => {
  it('starts a turn that is not ours: it is told, shows as the current one, and never counts as pending', async () => {
    const gate = Promise.withResolvers<void>();
    const { ours, theirs, told } = await startTwo({ script: echoBehind(gate.promise) });
    const turn = await theirs.conversation.send('theirs');
    await ours.event(notification('turn/started', ofTurn(turn.id)));
    expect(ours.conversation.currentTurnId).toBe(turn.id);
    expect([ours.conversation.isPending(), theirs.conversation.isPending()]).toEqual([false, true]);
    gate.resolve();
    await ours.event(notification('turn/completed', ofTurn(turn.id)));
    expect(told).toEqual([{ text: 're: theirs', turnId: turn.id, status: 'completed', ours: false }]);
    expect(ours.conversation.currentTurnId).toBeNull();
  });

  it('lets a message of ours wait until its turn has ended', async () => {
    const gate = Promise.withResolvers<void>();
    const { ours, theirs, told } = await startTwo({ script: echoBehind(gate.promise) });
    const foreign = await theirs.conversation.send('theirs');
    await ours.event(notification('turn/started', ofTurn(foreign.id)));
    const begin = ours.events.length;
    const sent = ours.conversation.send('ours');
    expect(ours.conversation.isPending()).toBe(true);
    gate.resolve();
    const turn = await sent;
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 're: ours' });
    expect(turn.id).not.toBe(foreign.id);
    const order = ours.events.slice(begin).flatMap((event) => {
      if (notification('turn/started')(event)) return ['started'];
      return notification('turn/completed')(event) ? ['ended'] : [];
    });
    expect(order).toEqual(['ended', 'started', 'ended']);
    expect(told.map(({ text, ours }) => [text, ours])).toEqual([
      ['re: theirs', false],
      ['re: ours', true],
    ]);
  });

  it('sends at the same moment: both messages reach the model once, and both turns end', async () => {
    const { ours, theirs } = await startTwo({ script: ({ userText }) => [say(`re: ${userText}`)] });
    for (let round = 0; round < 10; round++) {
      const turns = await Promise.all([
        ours.conversation.send(`ours ${round}`),
        theirs.conversation.send(`theirs ${round}`),
      ]);
      const results = await Promise.all(turns.map((turn) => turn.completed));
      expect(results.map(({ status }) => status)).toEqual(['completed', 'completed']);
      const input = JSON.stringify(ours.model.requests.at(-1)?.body.input);
      for (const text of [`"ours ${round}"`, `"theirs ${round}"`]) expect(input.split(text), text).toHaveLength(2);
    }
    expect([ours.conversation.isPending(), theirs.conversation.isPending()]).toEqual([false, false]);
  });

  it('puts a message into our turn, and both share its end', async () => {
    const gate = Promise.withResolvers<void>();
    const { ours, theirs } = await startTwo({ script: echoBehind(gate.promise) });
    const turn = await ours.conversation.send('ours');
    await theirs.event(notification('turn/started', ofTurn(turn.id)));
    const steered = await theirs.conversation.send('and theirs', { steer: true });
    gate.resolve();
    expect(steered.id).toBe(turn.id);
    const [mine, yours] = await Promise.all([turn.completed, steered.completed]);
    expect(mine.text).toBe(yours.text);
  });

  it('answers an approval first: it is withdrawn here, and our late answer does no harm', async () => {
    const { ours, theirs } = await startTwo({
      script: [say('the first'), endTurn(), escalate('echo ran >> count'), say('done')],
      conversation: { permissionGate: true },
    });
    const asked = Promise.withResolvers<AbortSignal>();
    const late = Promise.withResolvers<void>();
    ours.conversation.onPermissionRequest(async ({ signal }) => {
      asked.resolve(signal);
      await late.promise;
      return { behavior: 'deny', interrupt: true };
    });
    const turn = await ours.conversation.send('go');
    const signal = await asked.promise;
    theirs.conversation.onPermissionRequest(() => ({ behavior: 'allow' }));
    await ours.event(notification('serverRequest/resolved'));
    expect(signal.aborted).toBe(true);
    late.resolve();
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 'done' });
    expect(readFileSync(join(ours.workspace, 'count'), 'utf8')).toBe('ran\n');
  });

  it('joins in the middle of a turn: that is the current one, and its own message waits for the end of it', async () => {
    const gate = Promise.withResolvers<void>();
    const { ours } = await startTwo({ script: echoBehind(gate.promise) });
    const turn = await ours.conversation.send('ours');
    await ours.model.request(({ userText }) => userText === 'ours');
    const late = await joinConversation(ours);
    expect([late.conversation.currentTurnId, late.conversation.isPending()]).toEqual([turn.id, false]);
    const sent = late.conversation.send('late');
    gate.resolve();
    const theirs = await sent;
    expect(theirs.id).not.toBe(turn.id);
    await expect(theirs.completed).resolves.toMatchObject({ status: 'completed', text: 're: late' });
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 're: ours' });
    expect(late.conversation.currentTurnId).toBeNull();
  });

  it('interrupts our turn: it ends here as interrupted, and the thread takes the next message', async () => {
    const { ours, theirs, told } = await startTwo();
    const turn = await ours.conversation.send('!hang');
    await theirs.event(notification('turn/started', ofTurn(turn.id)));
    expect(theirs.conversation.currentTurnId).toBe(turn.id);
    await theirs.conversation.interrupt();
    await expect(turn.completed).resolves.toMatchObject({ status: 'interrupted', error: null });
    expect(told).toMatchObject([{ turnId: turn.id, status: 'interrupted', ours: true }]);
    expect([ours.conversation.currentTurnId, ours.conversation.isPending()]).toEqual([null, false]);
    await expect((await ours.conversation.send('!say on we go')).completed).resolves.toMatchObject({
      text: 'on we go',
    });
  });

  it('is interrupted by us, with the commands that its turn left running', async () => {
    const { ours, theirs } = await startTwo({ conversation: { experimentalApi: true } });
    const turn = await theirs.conversation.send('!run touch begun; sleep 411; touch ended');
    await ours.event(notification('item/started', ofCommand));
    await ours.conversation.interrupt();
    await expect(turn.completed).resolves.toMatchObject({ status: 'interrupted' });
    await ours.event(notification('item/completed', ofCommand));
    expect(existsSync(join(ours.workspace, 'ended'))).toBe(false);
  });
});
