import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer, Request } from '../../src/contract/request.ts';
import type { ApprovalRule } from '../../src/contract/rule.ts';
import { OpenedRequests, type RequestsOfTask } from '../../src/engine/opened-requests.ts';
import { OptioError } from '../../src/errors.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { testDirectory } from '../support/directories.ts';

const request: Request = {
  kind: 'command',
  id: 'q',
  threadId: 't',
  turnId: null,
  itemId: null,
  sandboxed: 'no',
  command: 'make',
  cwd: '/ws',
  workspace: '/ws',
};
const NOON = Date.parse('2026-01-01T12:00:00Z');
const ago = (ms: number) => new Date(NOON - ms).toISOString();

function openedRequests(task: RequestsOfTask, answer = vi.fn(async (_id: string, _answer: Answer, _by: string) => {})) {
  const emit = vi.fn();
  const opened = new OpenedRequests({ runId: 'run-1', taskId: 'task', task, host: new LocalHost(), answer, emit });
  return { opened, answer, emit };
}

describe('a request that nobody answers', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: NOON });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const task: RequestsOfTask = { requests: { expireAfterMs: 10_000 } };

  it('is declined when its time is over, and not before', async () => {
    const { opened, answer } = openedRequests(task);
    await opened.opened(request, ago(0), true);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(answer).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    const declined = { kind: 'decision', behavior: 'deny', message: 'nobody answered in time' };
    expect(answer.mock.calls).toEqual([['q', declined, 'expiry']]);
  });

  it.each([
    ['ahead', 3_600_000],
    ['back', -3_600_000],
  ])('waits as long when the clock is set an hour %s meanwhile', async (_, ms) => {
    const { opened, answer } = openedRequests(task);
    await opened.opened(request, ago(0), true);
    vi.setSystemTime(NOON + ms);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(answer).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(answer).toHaveBeenCalledOnce();
  });

  it.each([
    ['has only the rest of its time after a restart', 4_000, 6_000],
    ['expires at once when its time was over before the restart', 3_600_000, 0],
    ['has its whole time once more at most when the clock was set back before the restart', -3_600_000, 10_000],
  ])('%s', async (_, openedAgo, left) => {
    const { opened, answer } = openedRequests(task);
    await opened.opened(request, ago(openedAgo), false);
    if (left > 0) await vi.advanceTimersByTimeAsync(left - 1);
    expect(answer).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(answer).toHaveBeenCalledOnce();
  });

  it('is declined later when the store takes nothing at first', async () => {
    const { opened, answer } = openedRequests(task);
    answer.mockRejectedValueOnce(new OptioError('store-full', 'there is no space'));
    await opened.opened(request, ago(0), true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(answer).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(answer).toHaveBeenCalledTimes(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not expire any more once it is settled, or nobody here cares', async () => {
    const { opened, answer } = openedRequests(task);
    await opened.opened(request, ago(0), true);
    await opened.opened({ ...request, id: 'other' }, ago(0), true);
    opened.settled('q');
    opened.close();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(answer).not.toHaveBeenCalled();
  });

  it('is kept for ever unless its task says otherwise', async () => {
    const { opened } = openedRequests({});
    await opened.opened(request, ago(0), true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a request to which a rule has something to say', () => {
  const allow: ApprovalRule = {
    name: 'build',
    behavior: 'allow',
    matches: { kind: 'command', prefixes: [['make']] },
    sandboxed: 'any',
  };

  it('is answered by it, and nobody is told', async () => {
    const onRequest = vi.fn();
    const { opened, answer } = openedRequests({ rules: [allow], onRequest });
    await opened.opened(request, ago(0), true);
    const allowed = { kind: 'decision', behavior: 'allow', message: 'by the rule "build"' };
    expect(answer.mock.calls).toEqual([['q', allowed, 'rule build']]);
    expect(onRequest).not.toHaveBeenCalled();
  });

  it('is told of when the store does not take the answer of the rule', async () => {
    const onRequest = vi.fn();
    const { opened, answer } = openedRequests({ rules: [allow], onRequest });
    answer.mockRejectedValueOnce(new OptioError('store-full', 'there is no space'));
    await opened.opened(request, ago(0), true);
    expect(onRequest).toHaveBeenCalledOnce();
  });

  it('is not told of when somebody was quicker than the rule', async () => {
    const onRequest = vi.fn();
    const { opened, answer } = openedRequests({ rules: [allow], onRequest });
    answer.mockRejectedValueOnce(new OptioError('not-found', 'it is not open any more'));
    await opened.opened(request, ago(0), true);
    expect(onRequest).not.toHaveBeenCalled();
  });

  it('is judged by where the links of its files lead', async () => {
    const workspace = testDirectory('workspace');
    mkdirSync(join(workspace, 'docs'));
    symlinkSync('/etc', join(workspace, 'docs', 'out'));
    const docs: ApprovalRule = { name: 'docs', behavior: 'allow', matches: { kind: 'fileChange', paths: ['docs'] } };
    const { opened, answer } = openedRequests({ rules: [docs] });
    const patch = (path: string): Request => ({
      ...{ kind: 'fileChange', id: path, threadId: 't', turnId: null, itemId: null, sandboxed: 'yes', cwd: workspace },
      changes: [{ path, kind: 'add', diff: '' }],
    });
    await opened.opened(patch(join(workspace, 'docs/out/passwd')), ago(0), true);
    expect(answer).not.toHaveBeenCalled();
    await opened.opened(patch(join(workspace, 'docs/new.md')), ago(0), true);
    expect(answer).toHaveBeenCalledOnce();
  });
});
