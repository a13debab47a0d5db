import { describe, expect, it } from 'vitest';
import type { Transport } from '../../../src/rpc/transport.ts';
import { endTurn, escalate, hang, say, shell } from '../../../src/testing/index.ts';
import { begunMessage } from '../../support/begun-message.ts';
import { BINARIES, startCodex, startConversation } from '../../support/codex.ts';
import { commandsOf, isRunning } from '../../support/commands-of.ts';
import { notification } from '../../support/events.ts';
import { until } from '../../support/processes.ts';

const commandStarted = notification(
  'item/started',
  ({ item }: { item: { type: string } }) => item.type === 'commandExecution',
);

/** Holds back what codex says from the first start of a turn on, and keeps what it is told. */
function holdStart(inner: Transport) {
  const sent: string[] = [];
  const held: (() => void)[] = [];
  const start = Promise.withResolvers<void>();
  let isOpen = true;
  let isOver = false;
  const transport: Transport = {
    start: (receiver) =>
      inner.start({
        onMessage(text, bytes) {
          if (!isOver && text.includes('"turn/started"')) {
            isOpen = false;
            start.resolve();
          }
          if (isOpen) receiver.onMessage(text, bytes);
          else held.push(() => receiver.onMessage(text, bytes));
        },
        onOversized: (bytes) => receiver.onOversized(bytes),
        onClose: (error) => receiver.onClose(error),
      }),
    async send(text) {
      sent.push(text);
      await inner.send(text);
    },
    close: () => inner.close(),
  };
  const release = () => {
    isOpen = true;
    isOver = true;
    for (const tell of held) tell();
  };
  return { transport, sent, isHeld: start.promise, release };
}

describe.each(BINARIES)('interrupting with codex $version', (binary) => {
  it('does nothing when no turn runs, also after one that was interrupted', async () => {
    const { conversation } = await startConversation({ binary });
    await conversation.interrupt();
    const turn = await conversation.send('!hang');
    await conversation.interrupt();
    await turn.completed;
    await conversation.interrupt();
    await expect((await conversation.send('!say alive')).completed).resolves.toMatchObject({ text: 'alive' });
  });

  it('ends a turn before codex has acknowledged it', async () => {
    const { conversation } = await startConversation({ binary });
    const sent = conversation.send('!hang');
    await conversation.interrupt();
    await expect((await sent).completed).resolves.toMatchObject({ status: 'interrupted', error: null });
    expect(conversation.isPending()).toBe(false);
  });

  it('ends a turn between its acknowledgement and its start', async () => {
    const { conversation, codex } = await startCodex({ binary, isRaw: true });
    const { transport, sent, isHeld, release } = holdStart(codex.link.transport);
    const interrupts = () => sent.filter((text) => text.includes('"turn/interrupt"')).length;
    conversation.attach({ ...codex.link, transport });
    void conversation.runReader();
    await conversation.bootstrap();
    const turn = await conversation.send('!hang');
    const interrupted = conversation.interrupt();
    await isHeld;
    expect(interrupts(), 'codex would refuse it').toBe(0);
    release();
    await interrupted;
    await expect(turn.completed).resolves.toMatchObject({ status: 'interrupted' });
    expect(interrupts()).toBe(1);
  });

  it('ends a turn while the model speaks, and what was said by halves is no answer', async () => {
    const { conversation, event } = await startConversation({ binary, script: () => [...begunMessage(), hang()] });
    const told: string[] = [];
    conversation.onMessage((text, { status }) => told.push(`${status}:${text}`));
    const turn = await conversation.send('speak');
    await event(notification('item/agentMessage/delta'));
    await conversation.interrupt();
    await expect(turn.completed).resolves.toMatchObject({ status: 'interrupted', text: '', messages: [] });
    expect(told).toEqual(['interrupted:']);
  });

  it('leaves the messages that wait for their turn', async () => {
    const { conversation } = await startConversation({ binary });
    const first = await conversation.send('!hang');
    const second = conversation.send('!say still here');
    await conversation.interrupt();
    await expect(first.completed).resolves.toMatchObject({ status: 'interrupted' });
    await expect((await second).completed).resolves.toMatchObject({ text: 'still here' });
  });

  it('withdraws an approval that waits, and an answer that comes too late does no harm', async () => {
    const { conversation } = await startConversation({
      binary,
      script: [escalate('touch /nowhere'), say('never'), hang()],
      conversation: { permissionGate: true },
    });
    const asked = Promise.withResolvers<AbortSignal>();
    const late = Promise.withResolvers<void>();
    conversation.onPermissionRequest(async ({ signal }) => {
      asked.resolve(signal);
      await late.promise;
      return { behavior: 'allow' };
    });
    const turn = await conversation.send('go');
    const signal = await asked.promise;
    await conversation.interrupt();
    await expect(turn.completed).resolves.toMatchObject({ status: 'interrupted' });
    expect(signal.aborted).toBe(true);
    late.resolve();
    await conversation.interrupt();
    expect(conversation.isPending()).toBe(false);
  });

  describe.each([true, false])('with experimentalApi %s', (experimentalApi) => {
    it('stops the commands of the turn, which codex would leave running, and takes messages afterwards', async () => {
      const { conversation, codex, event } = await startConversation({
        binary,
        script: [shell('sleep 321 & sleep 322'), say('after')],
        conversation: { experimentalApi },
      });
      const turn = await conversation.send('go');
      await event(commandStarted);
      const commands = ['sleep 321', 'sleep 322'];
      await until(() => commands.every((command) => isRunning(codex, command)), 'the commands');
      await conversation.interrupt();
      await expect(turn.completed).resolves.toMatchObject({ status: 'interrupted' });
      await until(() => commandsOf(codex) === 0, 'the end of the commands');
      await expect((await conversation.send('again')).completed).resolves.toMatchObject({ text: 'after' });
    });
  });

  it('leaves the commands of an earlier turn alone when it can name the ones to stop', async () => {
    const { conversation, codex, event } = await startConversation({
      binary,
      script: [
        shell('sleep 331', { yieldMs: 250 }),
        say('in the background'),
        endTurn(),
        shell('sleep 332'),
        say('after'),
      ],
      conversation: { experimentalApi: true },
    });
    await (await conversation.send('start a server')).completed;
    await until(() => isRunning(codex, 'sleep 331'), 'the first command');
    const turn = await conversation.send('now something else');
    // Of a command that has not been told yet there is nothing to stop.
    await event(
      notification('item/started', (told: { item: { type: string }; turnId: string }) => {
        return told.item.type === 'commandExecution' && told.turnId === turn.id;
      }),
    );
    await until(() => isRunning(codex, 'sleep 332'), 'the second command');
    await conversation.interrupt();
    await turn.completed;
    await until(() => !isRunning(codex, 'sleep 332'), 'the end of the second command');
    await (await conversation.send('again')).completed;
    expect(isRunning(codex, 'sleep 331')).toBe(true);
  });
});
