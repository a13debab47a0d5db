import { describe, expect, it } from 'vitest';
import { Leaving } from '../../../src/cli/watching/ending.ts';
import { watchAsJson } from '../../../src/cli/watching/json-view.ts';
import { runEventSchema } from '../../../src/contract/event.ts';
import { watchOutlet } from '../../support/outlet.ts';
import { until } from '../../support/processes.ts';
import { COMMAND_REQUEST, SESSION_STARTED } from '../../support/run-events.ts';
import { scriptRun } from '../../support/run-handle.ts';

const NEVER = new AbortController().signal;
const { sandboxed: _, ...common } = COMMAND_REQUEST;

interface WatchSettings {
  readonly yes?: boolean;
  readonly rest?: 'decline' | 'leave';
  readonly isAttached?: boolean;
  readonly isSlow?: boolean;
  readonly maxJournalSize?: number;
}

/** A scripted run that is watched as JSON. */
function watch(settings: WatchSettings = {}) {
  const { yes = false, rest = 'decline', isAttached = false, isSlow = false, ...journal } = settings;
  const scripted = scriptRun({}, journal);
  const [output, complaints] = [watchOutlet({ isSlow }), watchOutlet()];
  const watched = watchAsJson(scripted.handle, {
    output: output.outlet,
    complaints: complaints.outlet,
    rule: { yes, rest },
    isAttached,
    leaving: new Leaving(),
  });
  const seqs = () => {
    const lines = output.written().trimEnd().split('\n');
    return lines.map((line) => runEventSchema.parse(JSON.parse(line)).seq);
  };
  return { ...scripted, ...output, watched, complaints, seqs };
}

describe('watchAsJson', () => {
  it('prints the journal, one event a line, and nothing else', async () => {
    const { run, end, watched, seqs } = watch();
    run.emit(SESSION_STARTED);
    run.emit({ type: 'notice', level: 'warning', message: 'two\nlines' });
    end();
    await watched;
    expect(seqs()).toEqual([1, 2, 3]);
  });

  it('prints nothing that a terminal obeys, and changes nothing of what it means', async () => {
    const message = '\u001b]52;c;ZXZpbA==\u0007\u009b2J\u202e';
    const { run, end, watched, written } = watch();
    run.emit({ type: 'notice', level: 'warning', message });
    end();
    await watched;
    expect(written()).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
    expect(JSON.parse(written().split('\n')[0] ?? '')).toMatchObject({ message });
  });

  it.each([
    [true, 'allow'],
    [false, 'deny'],
  ])('decides by itself; --yes: %s', async (yes, behavior) => {
    const { run, end, watched } = watch({ yes });
    await expect(run.ask(COMMAND_REQUEST, NEVER)).resolves.toMatchObject({ answer: { kind: 'decision', behavior } });
    end();
    await watched;
  });

  it('answers no question, also with --yes', async () => {
    const { run, end, watched } = watch({ yes: true });
    const asked = run.ask({ ...common, kind: 'question', questions: [] }, NEVER);
    await expect(asked).resolves.toMatchObject({ answer: { kind: 'answers', answers: {} } });
    end();
    await watched;
  });

  it('ends the turn and then the run with Ctrl-C', async () => {
    const { calls, end, watched } = watch();
    process.emit('SIGINT');
    await until(() => calls.length === 2);
    expect(calls).toEqual(['interrupt', 'cancel cancelled with Ctrl-C']);
    end('cancelled');
    await watched;
  });

  it('says by what it was ended', async () => {
    const { calls, end, watched } = watch();
    process.emit('SIGTERM', 'SIGTERM');
    await until(() => calls.length === 2);
    expect(calls).toEqual(['interrupt', 'cancel cancelled with SIGTERM']);
    end('cancelled');
    await watched;
  });

  it.each([
    ['the second signal', {}, ['SIGINT', 'SIGTERM'], 'SIGTERM'],
    ['a terminal that was closed', {}, ['SIGHUP'], 'SIGHUP'],
    ['the first, where the run was begun elsewhere', { isAttached: true, rest: 'leave' }, ['SIGINT'], 'SIGINT'],
  ] as const)('leaves a run that goes on with %s', async (_what, settings, signals, left) => {
    const { calls, watched } = watch(settings);
    for (const signal of signals) process.emit(signal, signal);
    await expect(watched).resolves.toEqual({ left });
    expect(calls.filter((call) => call.startsWith('cancel cancelled with SIGHUP'))).toEqual([]);
  });

  it('leaves what is asked to somebody elsewhere, and says how to answer', async () => {
    const { run, end, watched, complaints } = watch({ rest: 'leave' });
    const asked = run.ask(COMMAND_REQUEST, NEVER);
    const told = 'It waits for an answer: optio-codex approve run-1/r1 · optio-codex deny run-1/r1\n';
    await until(() => complaints.written() === told, 'how to answer');
    run.answer('r1', { kind: 'decision', behavior: 'allow' }, 'phone');
    await expect(asked).resolves.toMatchObject({ by: 'phone' });
    end();
    await watched;
  });

  it('cancels a run whose turn was interrupted, since nothing follows by itself', async () => {
    const { run, calls, end, watched } = watch();
    run.emit({ type: 'turn.ended', turnId: 't2', threadId: 'of a sub-agent', status: 'interrupted' });
    run.emit({ type: 'turn.ended', turnId: 't1', status: 'interrupted' });
    await until(() => calls.length > 0);
    end('cancelled');
    await watched;
    expect(calls).toEqual(['cancel its turn was interrupted']);
  });
});

describe('watchAsJson with a slow reader', () => {
  const delta = { type: 'item.delta', turnId: 't1', itemId: 'i1', part: 'text', delta: 'x'.repeat(1000) } as const;

  it('piles up nothing outside of the journal, and prints all of it in the end', async () => {
    const { run, end, watched, stream, read, seqs } = watch({ isSlow: true });
    for (let count = 0; count < 100; count++) run.emit(delta);
    const answered = run.ask(COMMAND_REQUEST, NEVER);
    await expect(answered).resolves.toMatchObject({ answer: { behavior: 'deny' } });
    expect(stream.writableLength + stream.readableLength).toBeLessThan(5000);
    end();
    read();
    await watched;
    expect(seqs()).toEqual(Array.from({ length: 103 }, (_, index) => index + 1));
  });

  it('says so when the journal does not keep what was not read yet, and prints the end', async () => {
    const { run, end, watched, read, seqs, complaints } = watch({ isSlow: true, maxJournalSize: 20_000 });
    for (let count = 0; count < 101; count++) {
      run.emit(delta);
      await new Promise((resolve) => setImmediate(resolve));
    }
    end();
    read();
    await watched;
    expect(seqs().at(-1)).toBe(102);
    expect(seqs().length).toBeLessThan(20);
    expect(complaints.written()).toContain('read too slowly');
  });
});
