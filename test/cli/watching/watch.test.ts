import { describe, expect, it } from 'vitest';
import { watchRun } from '../../../src/cli/watching/watch.ts';
import { OptioError } from '../../../src/errors.ts';
import { watchEscaped } from '../../support/escaped.ts';
import { failureOf } from '../../support/failure.ts';
import { watchOutlet } from '../../support/outlet.ts';
import { until } from '../../support/processes.ts';
import { COMMAND_REQUEST, SESSION_STARTED } from '../../support/run-events.ts';
import { scriptRun } from '../../support/run-handle.ts';

const LEFT = 'Left. It goes on: optio-codex attach run-1 · stop it: optio-codex cancel run-1\n';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function options(json: boolean) {
  return { output: watchOutlet().outlet, complaints: watchOutlet().outlet, json };
}

describe('watchRun', () => {
  it.each([
    ['done', 0],
    ['failed', 1],
    ['cancelled', 130],
  ] as const)('exits after a run that is %s with %d', async (status, code) => {
    for (const json of [true, false]) {
      const { handle, end } = scriptRun();
      const watched = watchRun(handle, options(json));
      end(status);
      await expect(watched).resolves.toBe(code);
    }
  });

  it.each([true, false])('leaves the signals as they were; JSON: %s', async (json) => {
    const before = SIGNALS.map((signal) => process.listenerCount(signal));
    const { handle, end } = scriptRun();
    const watched = watchRun(handle, options(json));
    expect(process.listenerCount('SIGINT')).toBeGreaterThan(before[0] ?? 0);
    end();
    await watched;
    expect(SIGNALS.map((signal) => process.listenerCount(signal))).toEqual(before);
  });

  it.each([true, false])('leaves a run that nobody reads any more, and says how to go on; JSON: %s', async (json) => {
    const { run, handle, calls } = scriptRun();
    const { outlet, leave } = watchOutlet();
    const complaints = watchOutlet();
    const watched = watchRun(handle, { json, output: outlet, complaints: complaints.outlet });
    leave();
    run.emit(SESSION_STARTED);
    await expect(watched).resolves.toBe(141);
    expect(complaints.written()).toBe(LEFT);
    expect(calls).toEqual([]);
  });

  it('leaves a run whose output was closed before it began', async () => {
    const { outlet, stream, leave } = watchOutlet();
    leave();
    await new Promise((resolve) => stream.once('close', resolve));
    const { handle } = scriptRun();
    await expect(watchRun(handle, { ...options(true), output: outlet })).resolves.toBe(141);
  });

  it.each([true, false])('says nothing when one leaves a run that was begun elsewhere; JSON: %s', async (json) => {
    const complaints = watchOutlet();
    const { handle, calls } = scriptRun();
    const watched = watchRun(handle, { ...options(json), complaints: complaints.outlet, isAttached: true });
    process.emit('SIGTERM', 'SIGTERM');
    await expect(watched).resolves.toBe(143);
    expect([complaints.written(), calls]).toEqual(['', []]);
  });

  it.each([
    ['declines what is asked where nobody can answer', {}, '(no terminal)'],
    ['leaves it to others with --wait', { waits: true }, 'phone'],
    ['leaves it to others where the run was begun elsewhere', { isAttached: true }, 'phone'],
  ] as const)('%s', async (_what, more, by) => {
    for (const json of [true, false]) {
      const { run, handle, end } = scriptRun({
        answer: async (requestId, answer, { via } = {}) => run.answer(requestId, answer, `(${via})`),
      });
      const complaints = watchOutlet();
      const watched = watchRun(handle, { ...options(json), complaints: complaints.outlet, ...more });
      const asked = run.ask(COMMAND_REQUEST, new AbortController().signal);
      if (by === 'phone') {
        await until(() => complaints.written().includes('It waits for an answer'), 'how to answer');
        run.answer(COMMAND_REQUEST.id, { kind: 'decision', behavior: 'allow' }, by);
      }
      await expect(asked).resolves.toMatchObject({ by });
      end();
      await watched;
    }
  });

  it.each([true, false])('ends with why the journal cannot be read, and with nothing else; JSON: %s', async (json) => {
    const before = SIGNALS.map((signal) => process.listenerCount(signal));
    const escaped = watchEscaped();
    const outcome = Promise.withResolvers<never>();
    const events = async function* () {
      yield await Promise.reject<never>(new OptioError('store-failed', 'the store is closed'));
    };
    const { handle } = scriptRun({ outcome: outcome.promise, events });
    expect((await failureOf(watchRun(handle, options(json)))).code).toBe('store-failed');
    outcome.reject(new OptioError('aborted', 'optio-codex is closed here')); // as the command does then
    await new Promise(setImmediate); // by then Node has told of what nobody has caught
    expect(escaped).toEqual([]);
    expect(SIGNALS.map((signal) => process.listenerCount(signal))).toEqual(before);
  });

  it.each([true, false])('ends with an error when the run is left to another process; JSON: %s', async (json) => {
    const escaped = watchEscaped();
    const outcome = Promise.withResolvers<never>();
    const { handle } = scriptRun({ outcome: outcome.promise, events: async function* () {} });
    const watched = watchRun(handle, options(json));
    outcome.reject(new OptioError('aborted', 'optio-codex is closed here'));
    expect((await failureOf(watched)).code).toBe('aborted');
    await new Promise(setImmediate);
    expect(escaped).toEqual([]);
  });
});
