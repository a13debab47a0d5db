import { describe, expect, it } from 'vitest';
import type { RunEventType } from '../../src/contract/event.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { AccessGuard } from '../../src/session/guard.ts';
import { Narrator } from '../../src/session/narrator.ts';
import { startFake } from '../support/fake-codex.ts';
import { endRun, makeRun, readEvents } from '../support/memory-run.ts';

/** A fake codex with these behaviours, whose story is told to a run. */
function start(...behaviours: string[]) {
  const fake = startFake(behaviours);
  const run = makeRun();
  const guard = new AccessGuard(new LocalHost(), { denied: [], writable: [], readable: [] });
  const narrator = new Narrator(run, fake.conversation, guard);
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
    const turn = await narrator.send({ text: 'Hi', images: ['/a.png'], steer: false });
    await turn.completed;
    const events = await journal();
    const [sent] = events;
    expect(sent).toMatchObject({ type: 'message.sent', text: 'Hi', images: ['/a.png'], steer: false });
    const messageId = sent?.type === 'message.sent' ? sent.messageId : '';
    expect(events).toContainEqual(expect.objectContaining({ type: 'message.accepted', messageId, turnId: turn.id }));
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
