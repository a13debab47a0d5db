import { describe, expect, it } from 'vitest';
import { openEngine } from '../support/engine.ts';
import { patient } from '../support/tasks.ts';

describe('closing once more', () => {
  it('waits no longer, and leaves or cancels, where it is told so meanwhile', async () => {
    for (const [first, second, state] of [
      [{ drainMs: 3_600_000, leave: true }, {}, 'cancelled'],
      [{ drainMs: 3_600_000 }, { leave: true }, 'cancelled'],
      [{ drainMs: 3_600_000, leave: true }, { leave: true }, 'running'],
    ] as const) {
      const { engine, die } = await openEngine();
      const task = patient('patient', { canRecover: true });
      await engine.tasks.define(task);
      const { id } = await engine.launch('patient');
      await task.began;
      const stateOf = async () => (await engine.runs.find(id))?.state;
      const closed = engine.close(first);
      let isOver = false;
      void closed.then(() => {
        isOver = true;
      });
      void engine.close({ drainMs: 7_200_000, leave: true });
      expect(engine.close()).toBe(closed);
      await new Promise(setImmediate);
      expect([isOver, await stateOf()]).toEqual([false, 'running']);
      expect(engine.close(second)).toBe(closed);
      await closed;
      expect(await stateOf()).toBe(state);
      await die();
    }
  });
});
