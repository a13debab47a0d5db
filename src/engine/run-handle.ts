import type { RunHandle } from '../contract/api.ts';
import { applyEvent } from '../contract/reducer.ts';
import { createRunView } from '../contract/view.ts';
import type { Engine } from './engine.ts';
import { toRunTurn } from './run-turn.ts';

/** A run of an engine, from outside. */
export function toRunHandle(engine: Engine, id: string): RunHandle {
  return {
    id,
    get outcome() {
      return engine.outcome(id);
    },
    events: (options) => engine.events(id, options),
    async view() {
      const view = createRunView();
      for await (const event of engine.past(id)) applyEvent(view, event);
      return view;
    },
    async send(message, { steer = false } = {}) {
      const session = await engine.session(id);
      const after = engine.live(id).journal.lastSeq;
      const { turnId } = await session.send(message, { steer });
      return toRunTurn(turnId, () => engine.events(id, { after }));
    },
    interrupt: async () => engine.live(id).controls.interrupt(),
    requestModelChange: async (model) => (await engine.session(id)).requestModelChange(model),
    finish: async () => (await engine.session(id)).finish(),
    pause: (message) => engine.pause(id, message),
    resume: () => engine.resume(id),
    raiseBudget: (budget) => engine.raiseBudget(id, budget),
    cancel: (reason = 'somebody cancelled it') => engine.cancel(id, reason),
    answer: (requestId, answer, { by = 'caller' } = {}) => engine.answer(id, requestId, answer, by),
  };
}
