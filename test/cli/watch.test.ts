import { describe, expect, it } from 'vitest';
import { watchRun } from '../../src/cli/watch.ts';
import { OptioError } from '../../src/errors.ts';
import { watchEscaped } from '../support/escaped.ts';
import { failureOf } from '../support/failure.ts';
import { watchOutlet } from '../support/outlet.ts';
import { SESSION_STARTED } from '../support/run-events.ts';
import { scriptRun } from '../support/run-handle.ts';

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

  it.each([true, false])('cancels a run that nobody reads any more; JSON: %s', async (json) => {
    const { run, handle, calls, end } = scriptRun({
      cancel: async () => {
        calls.push('cancel');
        end('cancelled');
      },
    });
    const { outlet, leave } = watchOutlet();
    const watched = watchRun(handle, { ...options(json), output: outlet });
    leave();
    run.emit(SESSION_STARTED);
    await expect(watched).resolves.toBe(130);
    expect(calls).toEqual(['cancel']);
  });

  it('cancels a run whose output was closed before it began', async () => {
    const { outlet, stream, leave } = watchOutlet();
    leave();
    await new Promise((resolve) => stream.once('close', resolve));
    const { handle, calls, end } = scriptRun();
    const watched = watchRun(handle, { ...options(true), output: outlet });
    expect(calls).toEqual(['cancel nobody reads the output any more']);
    end('cancelled');
    await expect(watched).resolves.toBe(130);
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
