import type { RunEventBody } from '../../src/contract/event.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView, type RunView } from '../../src/contract/view.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { RunContext } from '../../src/task/context.ts';
import { done, taskOf } from './engine.ts';
import { until } from './processes.ts';

/** A task that has one turn after the other, until it is told that it is over, and notes when. */
export function turning(more: object = {}) {
  const { promise: began, resolve } = Promise.withResolvers<RunContext>();
  const turns: string[] = [];
  const over = Promise.withResolvers<void>();
  const task = taskOf(
    async (context) => {
      resolve(context);
      await over.promise;
      return done(turns.join());
    },
    { canRecover: true, graceMs: 100, ...more },
  );
  const turn = async (id: string) => {
    const context = await began;
    await context.admitTurn();
    turns.push(id);
    for (const type of ['turn.started', 'turn.ended'] as const)
      context.emit({ type, turnId: id, status: 'completed' } as RunEventBody);
  };
  return { task, began, turn, turns, end: over.resolve };
}

export const tokens = (total: number): RunEventBody => {
  const usage = { total, input: total, cached: 0, output: 0, reasoning: 0 };
  return { type: 'usage.updated', turnId: 'a', total: usage, last: usage };
};

export async function viewOf(engine: Engine, runId: string): Promise<RunView> {
  const view = createRunView();
  for await (const event of engine.runs.past(runId)) applyEvent(view, event);
  return view;
}

export const stateOf = async (engine: Engine, runId: string) => (await engine.runs.find(runId))?.state;
export const untilState = (engine: Engine, runId: string, state: string) =>
  until(async () => (await stateOf(engine, runId)) === state, `the state ${state}`);
