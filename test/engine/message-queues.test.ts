import { describe, expect, it, vi } from 'vitest';
import { MAX_IMAGE_NAME, MAX_QUEUED, MAX_QUEUED_LENGTH } from '../../src/contract/message-queue.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { toRunHandle } from '../../src/engine/run-handle.ts';
import { openEngine } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { until } from '../support/processes.ts';
import { talking } from '../support/talking.ts';
import { quick } from '../support/tasks.ts';

/** A run that is under way, with a session that sends nothing by itself. */
async function underWay(engine: Engine) {
  const session = talking('talk');
  await engine.tasks.define(session.task);
  const { id } = await engine.launch('talk');
  const context = await session.began;
  return { context, handle: toRunHandle(engine, id) };
}

const later = () => new Date(Date.now() + 3_600_000);

describe('the queue of a run', () => {
  it('takes no more than so many messages, and no more than so much text', async () => {
    const { engine } = await openEngine();
    const { handle } = await underWay(engine);
    const all = Array.from({ length: MAX_QUEUED }, (_, at) => handle.queue.add(`${at}`, { idempotencyKey: `k${at}` }));
    await Promise.all(all);
    expect((await handle.queue.list()).messages.map(({ text }) => Number(text))).toEqual([...all.keys()]);
    expect(await failureOf(handle.queue.add('one more'))).toMatchObject({ code: 'queue-full' });
    await handle.queue.remove('k0');
    await handle.queue.add('one more');
    await handle.queue.clear();
    await handle.queue.add('x'.repeat(MAX_QUEUED_LENGTH - 1), { idempotencyKey: 'long' });
    expect(await failureOf(handle.queue.add('xx'))).toMatchObject({ code: 'queue-full' });
    const longer = await failureOf(handle.queue.edit('long', 'x'.repeat(MAX_QUEUED_LENGTH + 1)));
    expect(longer).toMatchObject({ code: 'queue-full' });
    await handle.queue.add('x');
  });

  it('counts the names of pictures, and takes none without end', async () => {
    const { engine } = await openEngine();
    const { handle } = await underWay(engine);
    await handle.queue.add('x'.repeat(MAX_QUEUED_LENGTH - MAX_IMAGE_NAME));
    const images = ['y'.repeat(MAX_IMAGE_NAME)];
    expect(await failureOf(handle.queue.add('x', { images }))).toMatchObject({ code: 'queue-full' });
    await handle.queue.add('', { images });
    await handle.queue.clear();
    const long = await failureOf(handle.queue.add('x', { images: [`${images[0]}y`] }));
    expect(long).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('images') });
  });

  it('does what several say at once one after the other, and tells who was too late', async () => {
    const { engine } = await openEngine();
    const { handle } = await underWay(engine);
    const other = toRunHandle(engine, handle.id);
    await handle.queue.add('as it was', { idempotencyKey: 'a' });
    const edits = [
      handle.queue.edit('a', 'one', { was: 'as it was' }),
      other.queue.edit('a', 'two', { was: 'as it was' }),
    ];
    const ends = await Promise.allSettled(edits);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(ends[1]).toMatchObject({ reason: { code: 'state-changed' } });
    expect((await other.queue.list()).messages).toMatchObject([{ text: 'one' }]);
    const removals = await Promise.allSettled([handle.queue.remove('a'), other.queue.edit('a', 'three')]);
    expect(removals.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((await handle.view()).queue).toEqual([]);
  });

  it('puts nothing there again that was taken back, or sent, before whoever put it there has heard of it', async () => {
    const { engine } = await openEngine();
    const { handle, context } = await underWay(engine);
    await handle.queue.add('a', { idempotencyKey: 'a' });
    await handle.queue.add('b', { idempotencyKey: 'b' });
    await handle.queue.remove('a');
    context.emit({ type: 'message.sent', messageId: 'b', text: 'b', images: [], steer: false });
    for (const text of ['a', 'b']) await handle.queue.add(text, { idempotencyKey: text });
    await context.written(); // what was emitted is in the view once it is written
    expect((await handle.view()).queue).toEqual([]);
    expect(await failureOf(handle.queue.remove('b'))).toMatchObject({ code: 'state-changed' });
  });

  it('lets nobody change a message that is being sent', async () => {
    const { engine } = await openEngine();
    const { handle, context } = await underWay(engine);
    await handle.queue.add('a', { idempotencyKey: 'a' });
    await handle.queue.add('b', { idempotencyKey: 'b' });
    const message = context.waiting.next;
    const giveBack = context.waiting.take('a', { text: 'a', images: [] });
    expect([message?.id, context.waiting.next]).toEqual(['a', undefined]);
    for (const change of [handle.queue.edit('a', 'c'), handle.queue.remove('a'), handle.queue.hold('a')])
      expect(await failureOf(change)).toMatchObject({ code: 'state-changed' });
    expect(() => context.waiting.take('a', { text: 'a', images: [] })).toThrow(/was sent/);
    await handle.queue.clear();
    expect((await handle.view()).queue.map(({ id }) => id)).toEqual(['a']);
    giveBack?.();
    await handle.queue.remove('a');
  });

  it('is kept for a run that waits for its time, over another process and until it begins', async () => {
    const first = await openEngine();
    const session = talking('talk');
    await first.engine.tasks.define(session.task);
    const { id } = await first.engine.launch('talk', { notBefore: later() });
    const { queue } = toRunHandle(first.engine, id);
    await Promise.all([queue.add('a', { idempotencyKey: 'a' }), queue.add('b', { idempotencyKey: 'b' })]);
    await queue.hold('a');
    expect((await first.engine.runs.details(id)).digest.queued).toBe(2);
    await first.die();
    const { engine } = await openEngine({ directory: first.directory });
    await engine.tasks.define(talking('talk').task);
    const handle = toRunHandle(engine, id);
    await handle.queue.move('b', 'a');
    expect((await handle.view()).queue.map(({ id: each, isHeld }) => [each, isHeld])).toEqual([
      ['b', undefined],
      ['a', true],
    ]);
    expect(await handle.details()).toMatchObject({ state: 'scheduled', digest: { queued: 2 } });
    await handle.cancel('enough');
    expect((await handle.outcome).status).toBe('cancelled');
    expect((await handle.view()).queue).toHaveLength(2);
  });

  it('puts nothing there again that was taken back while nobody works on the run, or in another process', async () => {
    const first = await openEngine();
    await first.engine.tasks.define(talking('talk').task);
    const { id } = await first.engine.launch('talk', { notBefore: later() });
    const { queue } = toRunHandle(first.engine, id);
    const add = (to: typeof queue) => to.add('a', { idempotencyKey: 'a' });
    await add(queue);
    await queue.remove('a');
    await add(queue);
    expect((await queue.list()).messages).toEqual([]);
    await first.die();
    const { engine } = await openEngine({ directory: first.directory });
    await engine.tasks.define(talking('talk').task);
    const handle = toRunHandle(engine, id);
    await add(handle.queue);
    expect((await handle.queue.list()).messages).toEqual([]);
    await handle.cancel('enough');
    await handle.outcome;
  });

  it('puts nothing there again that was taken back in the process before, of a run that goes on', async () => {
    const first = await openEngine();
    const { handle } = await underWay(first.engine);
    await handle.queue.add('a', { idempotencyKey: 'a' });
    await handle.queue.remove('a');
    await first.die();
    const { engine } = await openEngine({ directory: first.directory });
    const session = talking('talk');
    await engine.tasks.define(session.task);
    await session.began;
    const { queue } = toRunHandle(engine, handle.id);
    await queue.add('a', { idempotencyKey: 'a' });
    expect((await queue.list()).messages).toEqual([]);
  });

  it('keeps no run from beginning whose record cannot be read just then', async () => {
    const { engine, store } = await openEngine({ limits: { total: 1 } });
    const busy = talking('busy');
    await engine.tasks.define(busy.task);
    const first = toRunHandle(engine, (await engine.launch('busy')).id);
    await busy.began;
    const session = talking('talk');
    await engine.tasks.define(session.task);
    const handle = toRunHandle(engine, (await engine.launch('talk')).id);
    const find = vi.spyOn(store.runs, 'find').mockRejectedValueOnce(new Error('the disk is away'));
    await handle.queue.add('a', { idempotencyKey: 'a' });
    expect(find).toHaveBeenCalled();
    await first.finish();
    expect((await session.began).waiting.next).toMatchObject({ id: 'a' });
  });

  it('begins with the run: what was put there before is there for its session', async () => {
    const { engine } = await openEngine({ limits: { total: 1 } });
    const busy = talking('busy');
    await engine.tasks.define(busy.task);
    const first = toRunHandle(engine, (await engine.launch('busy')).id);
    await busy.began;
    const session = talking('talk');
    await engine.tasks.define(session.task);
    const handle = toRunHandle(engine, (await engine.launch('talk')).id);
    await handle.queue.add('a', { idempotencyKey: 'a' });
    expect((await handle.details()).state).toBe('scheduled');
    await first.finish();
    const context = await session.began;
    expect(context.waiting.next).toMatchObject({ id: 'a', text: 'a' });
    await handle.queue.add('b');
    expect((await handle.queue.list()).messages).toHaveLength(2);
    await handle.finish();
    await handle.outcome;
  });

  it('takes nothing once the run is told to stop, or has ended', async () => {
    const { engine } = await openEngine();
    const { handle } = await underWay(engine);
    await handle.queue.add('a', { idempotencyKey: 'a' });
    void handle.cancel('enough');
    await until(async () => (await handle.details()).state !== 'running', 'the order');
    expect(await failureOf(handle.queue.add('b'))).toMatchObject({ code: 'conversation-not-ready' });
    await handle.outcome;
    expect(await failureOf(handle.queue.remove('a'))).toMatchObject({ code: 'conversation-not-ready' });
    expect((await handle.view()).queue).toMatchObject([{ id: 'a' }]);
    await engine.tasks.define(quick('quick'));
    const short = toRunHandle(engine, (await engine.launch('quick')).id);
    await short.outcome;
    expect(await failureOf(short.queue.add('b'))).toMatchObject({ code: 'conversation-not-ready' });
  });
});
