import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TerminalView } from '../../src/cli/terminal-view.ts';
import type { RunEventBody } from '../../src/contract/event.ts';
import type { RunHandle } from '../../src/contract/run-handle.ts';
import { OptioError } from '../../src/errors.ts';
import { failureOf } from '../support/failure.ts';
import { watchOutlet } from '../support/outlet.ts';
import { until } from '../support/processes.ts';
import { COMMAND_REQUEST, SESSION_STARTED } from '../support/run-events.ts';
import { scriptRun } from '../support/run-handle.ts';
import { numbered } from '../support/stored-run.ts';

const NEVER = new AbortController().signal;
const { sandboxed: _, ...common } = COMMAND_REQUEST;

beforeEach(() => void vi.stubEnv('FORCE_COLOR', '0'));
afterEach(() => void vi.unstubAllEnvs());

/** A scripted run that somebody watches without a terminal. */
function watch(settings: { yes?: boolean; isSlow?: boolean; isTerminal?: boolean; handle?: Partial<RunHandle> } = {}) {
  const { yes = false, isSlow = false, isTerminal = false, handle = {} } = settings;
  const scripted = scriptRun(handle);
  const [output, complaints] = [watchOutlet({ isSlow, isTerminal }), watchOutlet()];
  const view = new TerminalView(scripted.handle, { output: output.outlet, complaints: complaints.outlet, yes });
  return { ...scripted, ...output, complaints, watched: view.watch() };
}

describe('TerminalView without a terminal', () => {
  it('shows the run and its end', async () => {
    const { run, end, watched, written } = watch();
    run.emit(SESSION_STARTED);
    end();
    await watched;
    expect(written()).toMatch(/^codex 0\.169\.0 · scripted/);
    expect(written()).toContain('✓ done');
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
    expect(written()).toContain('    Which?\n    · red\n    declined, since there is no terminal to ask at\n');
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
    expect(written()).toContain('? Codex asks a question\n    declined, since');
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
    await until(() => calls.length === 2);
    end('cancelled');
    await watched;
  });

  it('cancels at the second Ctrl-C, and at the first when there is no session to interrupt', async () => {
    const { end, calls, watched } = watch();
    for (let press = 0; press < 2; press++) process.emit('SIGINT');
    expect(calls).toEqual(['interrupt', 'cancel cancelled with Ctrl-C']);
    end('cancelled');
    await watched;
    const interrupt = () => Promise.reject(new OptioError('conversation-not-ready', 'no session'));
    const early = watch({ handle: { interrupt } });
    process.emit('SIGINT');
    await until(() => early.calls.length === 1);
    expect(early.calls).toEqual(['cancel cancelled with Ctrl-C']);
    early.end('cancelled');
    await early.watched;
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

describe('TerminalView at a terminal', () => {
  const INTERRUPTED = { type: 'turn.ended', turnId: 't1', status: 'interrupted' } as const;
  const CANCELLED = 'cancel cancelled with Ctrl-C';

  function typedInput() {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(input as never);
    return input;
  }

  /** A run that somebody watches at a terminal, and whose turn was interrupted by Ctrl-C. */
  async function interrupt() {
    const input = typedInput();
    const watching = watch({ isTerminal: true });
    process.emit('SIGINT');
    watching.run.emit(INTERRUPTED);
    await until(() => watching.written().includes('what now?'), 'the question');
    return { ...watching, input };
  }

  afterEach(() => void vi.restoreAllMocks());

  it('takes a Ctrl-C for the end of the run that was pressed before it asked how to go on', async () => {
    const { calls, end, watched } = await interrupt();
    process.emit('SIGINT');
    expect(calls).toEqual(['interrupt', CANCELLED]);
    end('cancelled');
    await watched;
  });

  it('begins to count Ctrl-C anew with the message that goes on', async () => {
    const { calls, input, end, watched } = await interrupt();
    input.write('go on\r');
    await until(() => calls.length === 2, 'the message');
    process.emit('SIGINT');
    expect(calls).toEqual(['interrupt', 'send go on', 'interrupt']);
    process.emit('SIGINT');
    expect(calls.at(-1)).toBe(CANCELLED);
    end('cancelled');
    await watched;
  });

  it.each<[what: string, event: RunEventBody, label: string]>([
    ['how to go on', INTERRUPTED, 'what now?'],
    ['what Codex asks', { type: 'request.opened', request: COMMAND_REQUEST }, '[y]es'],
  ])('asks no longer %s when the run cannot be watched any more', async (_what, event, label) => {
    const input = typedInput();
    const gone = Promise.withResolvers<never>();
    const events = async function* () {
      yield* numbered([event]);
      await gone.promise;
    };
    const { watched, written } = watch({ isTerminal: true, handle: { events } });
    await until(() => written().includes(label), 'the question');
    gone.reject(new OptioError('store-failed', 'the store is closed'));
    expect((await failureOf(watched)).code).toBe('store-failed');
    expect(input.isPaused(), 'nobody waits for a key').toBe(true);
  });
});
