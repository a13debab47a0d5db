import { rmdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEventType } from '../../src/contract/event.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { AccessGuard } from '../../src/session/guard.ts';
import { Narrator } from '../../src/session/narrator.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { startFake } from '../support/fake-codex.ts';
import { settled, startMemoryCodex } from '../support/memory-codex.ts';
import { endRun, makeRun, readEvents } from '../support/memory-run.ts';
import { until } from '../support/processes.ts';

function makeGuard(denied: readonly string[] = []): AccessGuard {
  return new AccessGuard(new LocalHost(), { denied, writable: [], readable: [] });
}

/** A fake codex with these behaviours, whose story is told to a run. */
function start(...behaviours: string[]) {
  const fake = startFake(behaviours);
  const run = makeRun();
  const narrator = new Narrator(run, fake.conversation, makeGuard());
  const journal = async () => {
    endRun(run);
    return readEvents(run);
  };
  return { ...fake, narrator, journal };
}

describe('Narrator', () => {
  it('writes a message down before it is sent, and when it was accepted', async () => {
    const { conversation, narrator, journal } = start();
    await conversation.bootstrap();
    const turn = await narrator.send({ text: 'Hi', steer: false });
    await turn.completed;
    const events = await journal();
    const [sent] = events;
    expect(sent).toMatchObject({ type: 'message.sent', text: 'Hi', images: [], steer: false });
    const messageId = sent?.type === 'message.sent' ? sent.messageId : '';
    expect(events).toContainEqual(expect.objectContaining({ type: 'message.accepted', messageId, turnId: turn.id }));
  });

  it('gives Codex no message before it is written down', async () => {
    const { codex, conversation } = await startMemoryCodex();
    const written = Promise.withResolvers<void>();
    const run = Object.assign(makeRun(), { written: () => written.promise });
    const sent = new Narrator(run, conversation, makeGuard()).send({ text: 'Hi' });
    await settled();
    expect(codex.calls('turn/start')).toEqual([]);
    written.resolve();
    await sent;
    expect(codex.calls('turn/start')).toHaveLength(1);
  });

  it('refuses a change that was allowed while a directory of it became a link to what is denied', async () => {
    const root = testDirectory('narrator');
    const [denied, directory] = [subdirectory(root, 'denied'), subdirectory(root, 'workspace', 'sub')];
    const options = { permissionGate: true, approvalPolicy: 'untrusted' } as const;
    const { codex, conversation } = await startMemoryCodex({ conversation: options });
    const run = makeRun();
    new Narrator(run, conversation, makeGuard([denied]));
    await codex.begin('turn-1');
    const changes = [{ path: join(directory, 'a'), kind: { type: 'add' }, diff: 'a' }];
    await codex.start('turn-1', { type: 'fileChange', id: 'item-1', changes });
    await codex.ask(7, 'item/fileChange/requestApproval', {});
    for await (const event of run.events()) {
      if (event.type !== 'request.opened') continue;
      rmdirSync(directory);
      symlinkSync(denied, directory);
      run.answer(event.request.id, { kind: 'decision', behavior: 'allow' }, 'somebody');
      break;
    }
    await until(() => codex.replies(7).length > 0, 'the reply');
    expect(codex.replies(7)).toEqual([{ decision: 'decline' }]);
    endRun(run);
    expect((await readEvents(run)).map(({ type }) => type)).toContain('request.refused');
  });

  it('tells the turn as it happens', async () => {
    const { conversation, narrator, journal } = start();
    await conversation.bootstrap();
    await (await narrator.send({ text: 'Hi' })).completed;
    const types = (await journal()).map((event) => event.type);
    const story: RunEventType[] = ['turn.started', 'item.started', 'item.completed', 'turn.ended'];
    expect(types.filter((type) => story.includes(type))).toEqual(story);
  });

  it('writes down that a message was refused, and why', async () => {
    const { narrator, journal } = start();
    await expect(narrator.send({ text: 'too early' })).rejects.toMatchObject({ code: 'conversation-not-ready' });
    expect((await journal())[1]).toMatchObject({ type: 'message.refused', error: { code: 'conversation-not-ready' } });
  });

  it('tells what makes no sense as notices', async () => {
    const { conversation, narrator, journal } = start('talks-nonsense');
    await conversation.bootstrap();
    await (await narrator.send({ text: 'Hi' })).completed;
    const notices = (await journal()).flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    expect(notices).toEqual(
      expect.arrayContaining([
        'Codex sent a line that is not a valid message: Hello, I am a log line',
        'Codex sent a value that is not a valid message: [1,2,3]',
        'Codex asked for "something/asked", which nobody here answers; it was refused',
      ]),
    );
  });
});
