import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../src/contract/event.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { OptioError } from '../../src/errors.ts';
import type { RunContext, SessionControls } from '../../src/task/context.ts';
import type { Task } from '../../src/task/task.ts';
import { done, openEngine, taskOf, told } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';

const key = { idempotencyKey: 'once' };
const accepted: RunEventBody = { type: 'message.accepted', messageId: 'once', turnId: 't1' };
const taken: RunEventBody = { type: 'message.taken', messageId: 'once', turnId: 't1' };

interface Talking {
  readonly task: Task;
  /** What its session was given to send. */
  readonly sent: string[];
  readonly began: Promise<RunContext>;
  /** Lets the session take what it was given; the result is what it says then. */
  accept(): void;
  refuse(): void;
  end(): void;
}

/** A task with a session that writes down what it is to send, as those of Codex do, and waits until it is told how that went. */
function talking(): Talking {
  const sent: string[] = [];
  const { promise: began, resolve } = Promise.withResolvers<RunContext>();
  const [answer, over] = [Promise.withResolvers<'accepted' | 'refused'>(), Promise.withResolvers<void>()];
  const execute = async (context: RunContext) => {
    const send: SessionControls['send'] = async (text, { steer, messageId = 'made up' }) => {
      sent.push(text);
      context.emit({ type: 'message.sent', messageId, text, images: [], steer });
      await context.written();
      if ((await answer.promise) === 'accepted') {
        context.emit({ type: 'message.accepted', messageId, turnId: 't1' });
        return { turnId: 't1' };
      }
      const error = {
        code: 'turn-rejected',
        message: 'Codex does not like it',
        remedy: 'Say something else.',
      } as const;
      context.emit({ type: 'message.refused', messageId, error });
      throw new OptioError(error.code, error.message, { remedy: error.remedy });
    };
    const others = { requestModelChange() {}, requestEffortChange() {} };
    context.serve({ send, interrupt: async () => {}, finish: over.resolve, ...others });
    resolve(context);
    await Promise.race([over.promise, told(context.signal)]);
    return done();
  };
  return {
    task: taskOf(execute, { canRecover: true }),
    sent,
    began,
    accept: () => answer.resolve('accepted'),
    refuse: () => answer.resolve('refused'),
    end: () => over.resolve(),
  };
}

async function launch(engine: Engine, task: Task): Promise<string> {
  await engine.tasks.define(task);
  return (await engine.launch('task')).id;
}

async function endTurn(context: RunContext): Promise<void> {
  const item = { kind: 'agentMessage', id: 'i', text: 'hello' } as const;
  context.emit({ type: 'item.completed', turnId: 't1', item: item as never });
  context.emit({ type: 'turn.ended', turnId: 't1', status: 'completed' });
  await context.written();
}

describe('a message with an idempotency key', () => {
  it('is sent once however often somebody sends it, and has one turn', async () => {
    const { engine } = await openEngine();
    const { task, sent, began, accept, end } = talking();
    const id = await launch(engine, task);
    const both = [engine.controls.send(id, 'Hi', key), engine.controls.send(id, 'Hi', key)];
    accept();
    const turns = await Promise.all(both);
    const third = await engine.controls.send(id, 'Hi', key);
    expect([...turns, third].map((turn) => turn.id)).toEqual(['t1', 't1', 't1']);
    await endTurn(await began);
    expect(await third.completed).toMatchObject({ status: 'completed', text: 'hello' });
    expect(sent).toEqual(['Hi']);
    end();
    await engine.runs.outcome(id);
    expect(await (await engine.controls.send(id, 'Hi', key)).completed, 'of a run that has ended').toMatchObject({
      text: 'hello',
    });
  });

  it('is another than one without, which is sent each time', async () => {
    const { engine } = await openEngine();
    const { task, sent, accept, end } = talking();
    const id = await launch(engine, task);
    accept();
    await Promise.all([
      engine.controls.send(id, 'Hi'),
      engine.controls.send(id, 'Hi'),
      engine.controls.send(id, 'Hi', key),
    ]);
    expect(sent).toEqual(['Hi', 'Hi', 'Hi']);
    end();
    await engine.runs.outcome(id);
  });

  it.each(['while it is sent', 'later'])('is refused for another one %s', async (when) => {
    const { engine } = await openEngine();
    const { task, sent, accept, end } = talking();
    const id = await launch(engine, task);
    const first = engine.controls.send(id, 'Hi', key);
    if (when === 'later') accept();
    if (when === 'later') await first;
    for (const other of [
      engine.controls.send(id, 'Ho', key),
      engine.controls.send(id, 'Hi', { ...key, steer: true }),
      engine.controls.send(id, 'Hi', { ...key, images: ['shot.png'] }),
    ]) {
      expect((await failureOf(other)).code).toBe('key-reused');
    }
    accept();
    await first;
    expect(sent).toEqual(['Hi']);
    end();
    await engine.runs.outcome(id);
  });

  it('stays refused where Codex has refused it', async () => {
    const { engine } = await openEngine();
    const { task, sent, refuse, end } = talking();
    const id = await launch(engine, task);
    refuse();
    for (let n = 0; n < 2; n++) {
      expect(await failureOf(engine.controls.send(id, 'Hi', key))).toMatchObject({
        code: 'turn-rejected',
        message: 'Codex does not like it',
        remedy: 'Say something else.',
      });
    }
    expect(sent).toEqual(['Hi']);
    end();
    await engine.runs.outcome(id);
  });

  it.each([
    ['accepted', [accepted]],
    ['taken', [taken]],
    ['taken in a turn, and accepted late for another one', [taken, { ...accepted, turnId: 't0' }]],
    ['accepted by a codex that died, and taken by another one', [{ ...accepted, turnId: 't0' }, taken]],
  ])('was sent by a process that has died since, and is %s in this one', async (_, bodies) => {
    const first = await openEngine();
    const before = talking();
    const id = await launch(first.engine, before.task);
    void first.engine.controls.send(id, 'Hi', key).catch(() => {});
    const context = await before.began;
    for await (const event of first.engine.runs.events(id)) if (event.type === 'message.sent') break;
    await context.written();
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    const { task, began, sent, end } = talking();
    await engine.tasks.define(task);
    const again = engine.controls.send(id, 'Hi', key);
    expect((await failureOf(engine.controls.send(id, 'Ho', key))).code).toBe('key-reused');
    for (const body of bodies) (await began).emit(body);
    await (await began).written();
    const last = await engine.controls.send(id, 'Hi', key);
    expect(last.id).toBe('t1');
    await endTurn(await began);
    expect(await last.completed).toMatchObject({ text: 'hello' });
    if (bodies.length === 1) expect((await again).id).toBe('t1');
    else await again;
    expect(sent).toEqual([]);
    end();
    await engine.runs.outcome(id);
  });

  it('is refused where the run ends before Codex has it, and where this process leaves it to another', async () => {
    const first = await openEngine();
    const before = talking();
    const id = await launch(first.engine, before.task);
    void first.engine.controls.send(id, 'Hi', key).catch(() => {});
    for await (const event of first.engine.runs.events(id)) if (event.type === 'message.sent') break;
    await first.die();

    const second = await openEngine({ directory: first.directory });
    const between = talking();
    await second.engine.tasks.define(between.task);
    await between.began;
    const left = failureOf(second.engine.controls.send(id, 'Hi', key));
    await second.engine.close({ leave: true });
    expect((await left).code).toBe('aborted');
    await second.die();

    const { engine } = await openEngine({ directory: first.directory });
    const { task, began, end } = talking();
    await engine.tasks.define(task);
    await began;
    const lost = failureOf(engine.controls.send(id, 'Hi', key));
    end();
    expect((await lost).code).toBe('conversation-closed');
    expect((await failureOf(engine.controls.send(id, 'Hi', key))).code).toBe('conversation-closed');
    expect((await failureOf(engine.controls.send(id, 'Hi', { idempotencyKey: 'new' }))).code).toBe(
      'conversation-not-ready',
    );
  });

  it('has a key that is one', async () => {
    const { engine } = await openEngine();
    const refused = await failureOf(engine.controls.send('run-0', 'Hi', { idempotencyKey: '' }));
    expect(refused).toMatchObject({ code: 'invalid-input', details: { field: 'idempotencyKey' } });
  });
});
