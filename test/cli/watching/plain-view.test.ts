import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Leaving } from '../../../src/cli/watching/ending.ts';
import { PlainView } from '../../../src/cli/watching/plain-view.ts';
import type { RunHandle } from '../../../src/contract/run-handle.ts';
import { OptioError } from '../../../src/errors.ts';
import { watchOutlet } from '../../support/outlet.ts';
import { until } from '../../support/processes.ts';
import { COMMAND_REQUEST, SESSION_STARTED } from '../../support/run-events.ts';
import { scriptRun } from '../../support/run-handle.ts';

const NEVER = new AbortController().signal;
const { sandboxed: _, ...common } = COMMAND_REQUEST;

beforeEach(() => void vi.stubEnv('FORCE_COLOR', '0'));
afterEach(() => void vi.unstubAllEnvs());

interface WatchSettings {
  readonly yes?: boolean;
  readonly rest?: 'decline' | 'leave';
  readonly isAttached?: boolean;
  readonly isSlow?: boolean;
  readonly handle?: Partial<RunHandle>;
}

/** A scripted run that somebody watches without a terminal. */
function watch(settings: WatchSettings = {}) {
  const { yes = false, rest = 'decline', isAttached = false, isSlow = false, handle = {} } = settings;
  const scripted = scriptRun(handle);
  const [output, complaints] = [watchOutlet({ isSlow }), watchOutlet()];
  const view = new PlainView(scripted.handle, {
    output: output.outlet,
    complaints: complaints.outlet,
    rule: { yes, rest },
    isAttached,
    leaving: new Leaving(),
  });
  return { ...scripted, ...output, complaints, watched: view.watch() };
}

describe('PlainView', () => {
  it('shows the run and its end', async () => {
    const { run, end, watched, written } = watch();
    run.emit(SESSION_STARTED);
    end();
    await watched;
    expect(written()).toMatch(/^codex 0\.169\.0 · scripted/);
    expect(written()).toContain('✓ done');
  });

  it('looks once at all that there is of the run', async () => {
    const { view: whole } = scriptRun().handle;
    const view = vi.fn(whole);
    const { end, watched } = watch({ handle: { view } });
    end();
    await watched;
    expect(view).toHaveBeenCalledOnce();
  });

  it('tells what has never begun as an error, and shows no summary', async () => {
    const error = { code: 'login-missing', message: 'there is no login', remedy: 'Get one.' } as const;
    const { end, watched, written, complaints } = watch();
    end('failed', { error });
    await watched;
    expect(written()).toBe('');
    expect(complaints.written()).toBe('error: there is no login\n  Get one.\n  (login-missing)\n');
  });

  it('declines what is asked, shows what it was, and says why', async () => {
    const { run, end, watched, written } = watch();
    const asked = run.ask(COMMAND_REQUEST, NEVER);
    await expect(asked).resolves.toMatchObject({ answer: { kind: 'decision', behavior: 'deny' } });
    end();
    await watched;
    expect(written()).toContain('? Codex asks to run a command\n    ls\n');
    expect(written()).toContain('    declined, since there is no terminal to ask at\n');
  });

  it('shows a question that nobody is asked', async () => {
    const options = [{ label: 'red', description: 'red' }];
    const question = { id: 'q', header: '', question: 'Which?', options, allowsOther: true, isSecret: false };
    const { run, end, watched, written } = watch();
    await run.ask({ ...common, kind: 'question', questions: [question] }, NEVER);
    end();
    await watched;
    expect(written()).toContain('    Which?\n    1 red\n    declined, since there is no terminal to ask at\n\n');
  });

  it('names the flag that is at fault, and not the field that it fills', async () => {
    const error = {
      code: 'invalid-config',
      message: 'provider.baseUrl: no address',
      field: 'provider.baseUrl',
    } as const;
    const { end, watched, complaints } = watch();
    end('failed', { error });
    await watched;
    expect(complaints.written()).toBe('error: --provider: no address\n  (invalid-config: --provider)\n');
  });

  it('allows what is asked with --yes, and answers no question', async () => {
    const { run, end, watched, written } = watch({ yes: true });
    const asked = [
      run.ask(COMMAND_REQUEST, NEVER),
      run.ask({ ...common, id: 'r2', kind: 'question', questions: [] }, NEVER),
    ];
    const answers = (await Promise.all(asked)).map(({ answer }) => answer);
    expect(answers).toEqual([
      { kind: 'decision', behavior: 'allow' },
      { kind: 'answers', answers: {} },
    ]);
    end();
    await watched;
    expect(written()).toContain('    allowed, as --yes says\n');
    expect(written()).toContain('    declined, since there is no terminal to ask at\n');
  });

  it('says that it was declined once the journal says so, and ends with why it was not', async () => {
    const refusal = new OptioError('forbidden', 'a viewer answers nothing');
    const { run, watched, written } = watch({ handle: { answer: () => Promise.reject(refusal) } });
    run.emit({ type: 'request.opened', request: COMMAND_REQUEST });
    expect(await watched).toEqual({ refused: refusal });
    expect(written()).toContain('? Codex asks to run a command');
    expect(written()).not.toContain('declined');
  });

  it('tells of somebody who was faster with another answer', async () => {
    const { run, end, watched, written } = watch({ handle: { answer: async () => {} } });
    run.emit({ type: 'request.opened', request: COMMAND_REQUEST });
    const answer = { kind: 'decision', behavior: 'allow' } as const;
    run.emit({ type: 'request.answered', requestId: COMMAND_REQUEST.id, answer, by: 'ann' });
    end();
    await watched;
    expect(written()).toContain('    allowed by ann\n');
    expect(written()).not.toContain('declined');
  });

  it('goes on when a request is not open any more', async () => {
    const answered: string[] = [];
    const answer = async (requestId: string) => {
      if (requestId === 'r1') throw new OptioError('not-found', 'the request is not open (any more)');
      answered.push(requestId);
    };
    const { run, end, watched } = watch({ handle: { answer } });
    for (const id of ['r1', 'r2']) run.emit({ type: 'request.opened', request: { ...COMMAND_REQUEST, id } });
    end();
    await watched;
    expect(answered).toEqual(['r2']);
  });

  it('cancels once the turn is interrupted, since nobody can say how to go on', async () => {
    const { run, end, calls, watched } = watch();
    process.emit('SIGINT');
    expect(calls).toEqual(['interrupt']);
    run.emit({ type: 'turn.ended', turnId: 't1', status: 'interrupted' });
    await until(() => calls.includes('cancel its turn was interrupted'));
    end('cancelled');
    await watched;
  });

  it('leaves at the second Ctrl-C, and cancels at the first when there is no session to interrupt', async () => {
    const interrupt = async () => new Promise<void>(() => {});
    const { calls, watched } = watch({ handle: { interrupt } });
    for (let press = 0; press < 2; press++) process.emit('SIGINT');
    await expect(watched).resolves.toEqual({ left: 'SIGINT' });
    expect(calls).toEqual([]);
    const early = watch({
      handle: { interrupt: () => Promise.reject(new OptioError('conversation-not-ready', 'no')) },
    });
    process.emit('SIGINT');
    await until(() => early.calls.length === 1);
    expect(early.calls).toEqual(['cancel cancelled with Ctrl-C']);
    early.end('cancelled');
    await early.watched;
  });

  it('leaves what is asked to others, says how they answer, and what they said', async () => {
    const { run, end, watched, written, complaints } = watch({ rest: 'leave' });
    const asked = run.ask(COMMAND_REQUEST, NEVER);
    await until(() => complaints.written().includes('optio-codex approve run-1/r1'), 'how to answer');
    run.answer('r1', { kind: 'decision', behavior: 'allow' }, 'phone');
    await asked;
    end();
    await watched;
    expect(written()).toContain('    ls\n');
    expect(written()).toContain('    allowed by phone\n');
  });

  it('says how a question is answered elsewhere', async () => {
    const { run, end, watched, complaints } = watch({ rest: 'leave' });
    run.emit({ type: 'request.opened', request: { ...common, kind: 'question', questions: [] } });
    end();
    await watched;
    expect(complaints.written()).toBe('It waits for an answer: optio-codex answer run-1/r1\n');
  });

  it('only looks at a run that was begun elsewhere: a signal ends nothing else', async () => {
    const { calls, watched } = watch({ isAttached: true, rest: 'leave' });
    process.emit('SIGTERM', 'SIGTERM');
    await expect(watched).resolves.toEqual({ left: 'SIGTERM' });
    expect(calls).toEqual([]);
  });

  it('piles up nothing for a slow reader, and lets nobody wait for an answer', async () => {
    const { run, end, watched, stream, read, written } = watch({ isSlow: true });
    for (let count = 0; count < 100; count++) {
      run.emit({ type: 'notice', level: 'warning', message: `${count} ${'x'.repeat(1000)}` });
    }
    await expect(run.ask(COMMAND_REQUEST, NEVER)).resolves.toMatchObject({ answer: { behavior: 'deny' } });
    expect(stream.writableLength + stream.readableLength).toBeLessThan(5000);
    end();
    read();
    await watched;
    expect(written().match(/^! \d+ x/gm)).toHaveLength(100);
  });
});
