import { afterEach, describe, expect, it, vi } from 'vitest';
import { watchRun } from '../../src/cli/watch.ts';
import { OptioError } from '../../src/errors.ts';
import { until } from '../support/processes.ts';
import { COMMAND_REQUEST, SESSION_STARTED } from '../support/run-events.ts';
import { scriptRun } from '../support/run-handle.ts';

const NEVER = new AbortController().signal;

/** Keeps what goes to standard output, which is no terminal. */
function watchStdout(): () => string {
  const chunks: string[] = [];
  vi.stubEnv('FORCE_COLOR', '0');
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    chunks.push(String(chunk));
    return true;
  });
  return () => chunks.join('');
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('watchRun', () => {
  it.each([
    ['done', 0],
    ['failed', 1],
    ['cancelled', 130],
  ] as const)('exits after a run that is %s with %d', async (status, code) => {
    watchStdout();
    for (const json of [true, false]) {
      const { handle, end } = scriptRun();
      const watched = watchRun(handle, { json });
      end(status);
      await expect(watched).resolves.toBe(code);
    }
  });

  it('leaves the signals as they were', async () => {
    watchStdout();
    const before = process.listenerCount('SIGINT');
    const { handle, end } = scriptRun();
    end();
    await watchRun(handle, { json: true });
    await watchRun(handle, { json: false });
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});

describe('watchRun for programs', () => {
  it('prints the journal, one event a line, and nothing else', async () => {
    const written = watchStdout();
    const { run, handle, end } = scriptRun();
    run.emit(SESSION_STARTED);
    run.emit({ type: 'notice', level: 'warning', message: 'two\nlines' });
    end();
    await watchRun(handle, { json: true });
    const lines = written().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual([1, 2, 3]);
  });

  it('declines what is asked', async () => {
    watchStdout();
    const { run, handle, end } = scriptRun();
    const asked = run.ask(COMMAND_REQUEST, NEVER);
    const watched = watchRun(handle, { json: true });
    await expect(asked).resolves.toMatchObject({ answer: { kind: 'decision', behavior: 'deny' } });
    end();
    await watched;
  });

  it('goes on when a request is not open any more', async () => {
    watchStdout();
    const answer = () => {
      throw new OptioError('not-found', 'the request is not open (any more)');
    };
    const { run, handle, end } = scriptRun({ answer });
    run.emit({ type: 'request.opened', request: COMMAND_REQUEST });
    end();
    await expect(watchRun(handle, { json: true })).resolves.toBe(0);
  });

  it('ends the turn and then the run with Ctrl-C', async () => {
    watchStdout();
    const { handle, end, calls } = scriptRun();
    const watched = watchRun(handle, { json: true });
    process.emit('SIGINT');
    await until(() => calls.length === 2);
    expect(calls).toEqual(['interrupt', 'cancel cancelled with Ctrl-C']);
    end('cancelled');
    await expect(watched).resolves.toBe(130);
  });
});

describe('watchRun for people without a terminal', () => {
  it('shows the run and its end', async () => {
    const written = watchStdout();
    const { run, handle, end } = scriptRun();
    run.emit(SESSION_STARTED);
    end();
    await watchRun(handle, { json: false });
    expect(written()).toMatch(/^codex 0\.169\.0 · scripted/);
    expect(written()).toContain('✓ done');
  });

  it('declines what is asked, and says why', async () => {
    const written = watchStdout();
    const { run, handle, end } = scriptRun();
    const asked = run.ask(COMMAND_REQUEST, NEVER);
    const watched = watchRun(handle, { json: false });
    await expect(asked).resolves.toMatchObject({ answer: { kind: 'decision', behavior: 'deny' } });
    end();
    await watched;
    expect(written()).toContain('? Codex asks for leave: declined, since there is no terminal to ask at');
  });

  it('allows what is asked with --yes, and answers no question', async () => {
    const written = watchStdout();
    const { run, handle, end } = scriptRun();
    const { sandboxed: _, ...common } = COMMAND_REQUEST;
    const asked = [
      run.ask(COMMAND_REQUEST, NEVER),
      run.ask({ ...common, id: 'r2', kind: 'question', questions: [] }, NEVER),
    ];
    const watched = watchRun(handle, { json: false, yes: true });
    const answers = (await Promise.all(asked)).map(({ answer }) => answer);
    expect(answers).toEqual([
      { kind: 'decision', behavior: 'allow' },
      { kind: 'answers', answers: {} },
    ]);
    end();
    await watched;
    expect(written()).toContain('--yes gives it');
  });

  it('asks what comes after a request that was withdrawn in the middle', async () => {
    watchStdout();
    const answered: string[] = [];
    const answer = (requestId: string) => {
      if (requestId === 'r1') throw new OptioError('not-found', 'the request is not open (any more)');
      answered.push(requestId);
    };
    const { run, handle, end } = scriptRun({ answer });
    for (const id of ['r1', 'r2']) run.emit({ type: 'request.opened', request: { ...COMMAND_REQUEST, id } });
    end();
    await expect(watchRun(handle, { json: false })).resolves.toBe(0);
    expect(answered).toEqual(['r2']);
  });

  it('cancels with Ctrl-C, since nobody can say how to go on', async () => {
    watchStdout();
    const { handle, end, calls } = scriptRun();
    const watched = watchRun(handle, { json: false });
    process.emit('SIGINT');
    await until(() => calls.length === 2);
    expect(calls).toEqual(['interrupt', 'cancel cancelled with Ctrl-C']);
    end('cancelled');
    await expect(watched).resolves.toBe(130);
  });
});
