import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunOutcome } from '../src/contract/outcome.ts';
import type { RunHandle } from '../src/contract/run-handle.ts';
import { NO_USAGE } from '../src/contract/usage.ts';
import { Cancellation } from '../src/engine/cancellation.ts';
import { Engine } from '../src/engine/engine.ts';
import { Groups } from '../src/engine/groups.ts';
import { OptioError } from '../src/errors.ts';
import { Optio } from '../src/optio.ts';
import type { RunContext } from '../src/task/context.ts';
import type { Task } from '../src/task/task.ts';
import { ScriptedModel } from '../src/testing/model.ts';
import { testDirectory } from './support/directories.ts';
import { told } from './support/engine.ts';

const DONE: RunOutcome = { status: 'done', text: '', durationMs: 0, usage: NO_USAGE, turns: 0 };

async function open(): Promise<{ optio: Optio; dataDir: string }> {
  const dataDir = join(testDirectory('optio'), 'data');
  const optio = await Optio.open({ dataDir });
  onTestFinished(() => optio.close().catch(() => {})); // a test that closes it has looked at what that threw
  return { optio, dataDir };
}

/** Defines a task of one's own and launches it. */
async function execute(optio: Optio, execute: Task['execute'], id = 'nightly'): Promise<RunHandle> {
  await optio.define({ id, name: 'Nightly', execute });
  return optio.launch(id);
}

describe('Optio', () => {
  it('makes its data directory', async () => {
    const { dataDir } = await open();
    expect(existsSync(dataDir)).toBe(true);
  });

  it.each(['run-nightly', 'run-a/../../..', 'nightly'])(
    'gives each run of the task %s an id and directories of its own',
    async (id) => {
      const { optio, dataDir } = await open();
      const seen: RunContext[] = [];
      const keep = async (context: RunContext) => {
        seen.push(context);
        return DONE;
      };
      const handles = [await execute(optio, keep, id), await execute(optio, keep, id)];
      await Promise.all(handles.map(({ outcome }) => outcome));
      expect(new Set(handles.map((handle) => handle.id)).size).toBe(2);
      expect(seen.map(({ taskId }) => taskId)).toEqual([id, id]);
      expect(seen.map(({ directories }) => directories.run)).toEqual(
        handles.map((handle) => join(dataDir, 'runs', handle.id)),
      );
    },
  );

  it('ends the journal of a task that does not, with its outcome', async () => {
    const { optio } = await open();
    const { outcome, events } = await execute(optio, async () => DONE);
    const journal = [];
    for await (const event of events()) journal.push(event);
    expect(journal).toMatchObject([
      { seq: 1, state: 'starting' },
      { seq: 2, state: 'running' },
      { seq: 3, type: 'run.ended', outcome: { status: 'done' } },
    ]);
    await expect(outcome).resolves.toMatchObject({ status: 'done', text: '', turns: 0 });
  });

  it('makes a failure of what a task throws', async () => {
    const { optio } = await open();
    const { outcome } = await execute(optio, async () => {
      throw new OptioError('not-found', 'there is no such thing', { remedy: 'Look again.' });
    });
    await expect(outcome).resolves.toMatchObject({
      status: 'failed',
      error: { code: 'not-found', message: 'there is no such thing', remedy: 'Look again.' },
    });
  });

  it('closes the model of a demo that cannot begin', async () => {
    const start = vi.spyOn(ScriptedModel, 'start');
    onTestFinished(() => start.mockRestore());
    const { optio } = await open();
    await optio.block({}, { reason: 'not today' });
    await expect(optio.demo()).rejects.toThrow('not today');
    const model = await start.mock.results[0]?.value;
    expect(model).toBeInstanceOf(ScriptedModel);
    expect(() => model.url, 'it has no address any more').toThrow(TypeError);
  });

  it('begins one demo, with one model, for each key, and none once more', async () => {
    const start = vi.spyOn(ScriptedModel, 'start');
    onTestFinished(() => start.mockRestore());
    await using optio = await Optio.open({ dataDir: join(testDirectory('optio'), 'data'), limits: { total: 0 } });
    const options = { idempotencyKey: 'k', paceMs: 1 };
    const [first, second] = await Promise.all([optio.demo(options), optio.demo(options)]);
    expect(second.id).toBe(first.id);
    await first.cancel('enough');
    await first.outcome;
    expect((await optio.demo(options)).id).toBe(first.id);
    expect(start).toHaveBeenCalledTimes(1);
    await expect(optio.demo({ ...options, paceMs: 2 })).rejects.toMatchObject({ code: 'key-reused' });
    const refused = first.retry();
    await expect(refused).rejects.toMatchObject({ code: 'launch-refused', message: expect.stringContaining('demo') });
    expect((await optio.list()).runs).toHaveLength(1);
  });

  it('launches one run of a spec for each key', async () => {
    await using optio = await Optio.open({ dataDir: join(testDirectory('optio'), 'data'), limits: { total: 0 } });
    const run = (instructions: string) =>
      optio.run({ instructions, workspace: { fresh: true } }, { idempotencyKey: 'k', name: 'It' });
    const first = await run('Go.');
    expect((await run('Go.')).id).toBe(first.id);
    await expect(run('Go on.')).rejects.toMatchObject({ code: 'key-reused' });
    expect((await optio.list()).runs).toMatchObject([{ id: first.id, name: 'It' }]);
  });

  it('names a run of its own by its instructions, without what no column takes', async () => {
    await using optio = await Optio.open({ dataDir: join(testDirectory('optio'), 'data'), limits: { total: 0 } });
    await optio.run({ instructions: 'Do\0it', workspace: { fresh: true } });
    expect((await optio.list()).runs).toMatchObject([{ state: 'scheduled', name: 'Do it' }]);
  });

  it.each([Number.MAX_VALUE, 0.5, -1])('launches no run that is to be kept for %s ms', async (ttlMs) => {
    await using optio = await Optio.open({ dataDir: join(testDirectory('optio'), 'data'), limits: { total: 0 } });
    const refused = optio.run({ instructions: 'Go.', workspace: { fresh: true } }, { ttlMs });
    await expect(refused).rejects.toMatchObject({ code: 'invalid-config', details: { field: 'ttlMs' } });
    expect((await optio.list()).runs).toEqual([]);
  });

  it.each([Number.NaN, -1, 2 ** 31])('begins no demo with a pace that no timer has: %s', async (paceMs) => {
    const { optio } = await open();
    const refused = optio.demo({ paceMs });
    await expect(refused).rejects.toMatchObject({ code: 'invalid-input', details: { field: 'paceMs' } });
    expect((await optio.list()).runs).toEqual([]);
  });

  it('leaves no engine behind where it cannot be opened, and what it has taken up to the next', async () => {
    const dataDir = join(testDirectory('optio'), 'data');
    const options = { dataDir, limits: { total: 0 } };
    const before = await Optio.open(options);
    const { id, outcome } = await before.demo();
    outcome.catch(() => {});
    await before.close();

    const opening = vi.spyOn(Engine, 'open');
    const cancel = vi.spyOn(Groups.prototype, 'cancel');
    onTestFinished(() => [opening, cancel].forEach((spy) => void spy.mockRestore()));
    const problem = new OptioError('store-failed', 'disk I/O error');
    cancel.mockRejectedValueOnce(problem);
    await expect(Optio.open(options)).rejects.toBe(problem);
    const engine: Engine = await opening.mock.results[0]?.value;
    await expect(engine.launch('nightly')).rejects.toMatchObject({ reason: 'shutting-down' });
    await expect(engine.runs.outcome(id)).rejects.toMatchObject({ code: 'aborted' });
    await using next = await Optio.open(options);
    expect((await next.list()).runs).toMatchObject([{ id, state: 'cancelled' }]);
  });

  it('ends a demo also where it leaves all else, since its model ends with it', async () => {
    const dataDir = join(testDirectory('optio'), 'data');
    const options = { dataDir, limits: { total: 0 } };
    const before = await Optio.open(options);
    const { id } = await before.demo();
    await before.close({ leave: true });
    const cancel = vi.spyOn(Groups.prototype, 'cancel');
    onTestFinished(() => void cancel.mockRestore());
    await using next = await Optio.open(options);
    expect((await next.list()).runs).toMatchObject([{ id, state: 'cancelled' }]);
    expect(cancel, 'the next has nothing to do').not.toHaveBeenCalled();
  });

  it('cancels what still runs when it is closed, and waits for it', async () => {
    const { optio } = await open();
    const begun = Promise.withResolvers<void>();
    const { outcome } = await execute(optio, async ({ signal }) => {
      begun.resolve();
      await told(signal);
      return { ...DONE, status: 'cancelled', text: signal.reason.message };
    });
    await begun.promise;
    await optio.close();
    await expect(outcome).resolves.toMatchObject({ status: 'cancelled', text: 'optio-codex is closing' });
  });

  it('gives its data directory free also when a run cannot be told to stop, which it says', async () => {
    const { optio, dataDir } = await open();
    const begun = Promise.withResolvers<void>();
    const { id } = await execute(optio, async ({ detached }) => {
      begun.resolve();
      await told(detached);
      return DONE;
    });
    await begun.promise;
    const problem = new OptioError('store-failed', 'disk I/O error');
    vi.spyOn(Cancellation.prototype, 'cancel').mockRejectedValueOnce(problem);
    await expect(optio.close()).rejects.toBe(problem);
    expect(optio.close(), 'the same to whoever asks again').toBe(optio.close());
    await using next = await Optio.open({ dataDir });
    expect((await next.list()).runs).toMatchObject([{ id, state: 'running' }]);
  });

  it('has a launch written down that is under way when it is closed', async () => {
    const { optio, dataDir } = await open();
    await optio.define({ id: 'nightly', name: 'Nightly', execute: async () => DONE });
    const launched = optio.launch('nightly');
    await optio.close();
    const { id } = await launched;
    await using next = await Optio.open({ dataDir });
    expect((await next.list()).runs).toMatchObject([{ id, state: 'scheduled' }]);
  });
});
