import { setImmediate as breathe } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LaunchOptions } from '../../src/contract/api.ts';
import type { RunEventBody } from '../../src/contract/event.ts';
import type { RunFilter } from '../../src/contract/run-query.ts';
import { openEngine } from '../support/engine.ts';
import { requestOf } from '../support/listed-runs.ts';
import { until } from '../support/processes.ts';
import { type Puppet, puppets } from '../support/puppets.ts';
import { SESSION_STARTED } from '../support/run-events.ts';
import { quick } from '../support/tasks.ts';
import { Watched } from '../support/watched.ts';

const NOTHING = { total: 0, input: 0, cached: 0, output: 0, reasoning: 0 };
const EVENTS: readonly RunEventBody[] = [
  SESSION_STARTED,
  { type: 'progress', percent: 50, message: 'half' },
  { type: 'turn.started', turnId: 't' },
  {
    ...{ type: 'item.started', turnId: 't' },
    item: { kind: 'command', id: 'i', command: 'ls', cwd: '/', status: 'running', output: '' },
  },
  { type: 'usage.updated', turnId: 't', total: { ...NOTHING, total: 9, input: 9 }, last: NOTHING },
  { type: 'diff.updated', turnId: 't', diff: 'diff --git a/a b/a\n@@ -0,0 +1 @@\n+a\n' },
  { type: 'turn.ended', turnId: 't', status: 'completed' },
];
const FILTERS: readonly RunFilter[] = [
  {},
  { states: ['running', 'paused'] },
  { isWaiting: true },
  { search: 'X', metadata: { team: 'red' } },
];

const action = fc.record({
  what: fc.constantFrom(
    ...([
      'tell',
      'tell',
      'tell',
      'tell',
      'ask',
      'ask',
      'answer',
      'breathe',
      'breathe',
      'settle',
      'halt',
      'goOn',
    ] as const),
    ...(['launch', 'unknown', 'define', 'pause', 'resume', 'end', 'fail', 'cancel', 'remove'] as const),
  ),
  at: fc.nat(20),
});
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

/** Does what people, programs and Codex may do to runs, all at once, and waits for nothing of it. */
async function act(actions: readonly Action[]): Promise<void> {
  const { engine, store } = await openEngine();
  const { task, runs } = puppets('puppet', { retry: { attempts: 2, backoffMs: 1 } });
  await engine.tasks.define(task);
  const watched = FILTERS.map((filter) => new Watched(engine, filter));
  const doing: Promise<unknown>[] = [];
  const ignore = (done: Promise<unknown>) => doing.push(done.catch(() => {}));
  const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];
  const withPuppet = (at: number, then: (puppet: Puppet, runId: string) => void) => {
    const found = pick([...runs], at);
    if (found) then(found[1], found[0]);
  };
  const launch = async (options: LaunchOptions) => {
    const { id } = await engine.launch('puppet', options);
    await until(() => runs.has(id), 'its begin');
  };
  const settled = () => {
    const reading = watched.filter(({ isHalted }) => !isHalted);
    return until(async () => (await Promise.all(reading.map((each) => each.isTrue()))).every(Boolean), 'all lists');
  };
  await launch({ name: 'x' });
  for (const { what, at } of actions) {
    const options = { name: at % 2 ? `x${at}` : 'other', metadata: { team: at % 3 ? 'red' : 'blue' } };
    if (what === 'launch') await launch(options);
    if (what === 'unknown') ignore(engine.launchOwn({ ...quick('nobody'), definition: { n: at } }, options));
    if (what === 'define') ignore(engine.tasks.define(quick('nobody')));
    if (what === 'tell') withPuppet(at, ({ context }) => context.emit(pick(EVENTS, at) ?? SESSION_STARTED));
    if (what === 'ask') withPuppet(at, ({ context }) => ignore(context.ask(requestOf(`${at}`), context.signal)));
    if (what === 'pause') withPuppet(at, (_, runId) => ignore(engine.controls.pause(runId)));
    if (what === 'resume') withPuppet(at, (_, runId) => ignore(engine.controls.resume(runId)));
    if (what === 'end') withPuppet(at, (puppet) => puppet.end());
    if (what === 'fail') withPuppet(at, ({ end }) => end({ status: 'failed' } as never));
    if (what === 'cancel') withPuppet(at, (_, runId) => ignore(engine.controls.cancel(runId, 'enough')));
    if (what === 'halt') pick(watched, at)?.halt();
    if (what === 'goOn') pick(watched, at)?.goOn();
    if (what === 'settle') await settled();
    if (what === 'breathe') for (let n = 0; n < 5; n++) await breathe();
    if (what === 'answer') {
      const opened = pick(await engine.lists.requests(), at);
      const answer = { kind: 'decision', behavior: 'allow' } as const;
      if (opened) ignore(engine.controls.answer(opened.runId, opened.request.id, answer, 'ada'));
    }
    if (what === 'remove') {
      const ended = pick(await store.runs.list({ states: ['done', 'failed', 'cancelled'] }), at);
      if (ended) ignore(store.runs.remove(ended.id));
    }
  }
  for (const each of watched) each.goOn();
  await settled();
  await engine.close();
  await Promise.all(watched.map(({ ended }) => ended));
  for (const { updates } of watched) expect(updates[0]?.type).toBe('snapshot');
}

it('whoever applies the updates of a watched list has what a fresh list says, whatever happens to the runs', async () => {
  const property = fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 60 }), act);
  await fc.assert(property, { numRuns: 15, endOnFailure: true });
});
