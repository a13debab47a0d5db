import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/contract/event.ts';
import type { Request } from '../../../src/contract/request.ts';
import { beginCommandLine, runCommandLine } from '../../support/command-line.ts';
import { until } from '../../support/processes.ts';
import { COMMAND_REQUEST, SESSION_STARTED } from '../../support/run-events.ts';
import { detailsOf, RUN_ID } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

function begin() {
  const view = async () => Promise.reject(new Error('the whole of it is not needed'));
  const scripted = scriptApi({ runs: [detailsOf()], handle: { view } });
  const { run, end } = scripted.run(RUN_ID);
  run.emit(SESSION_STARTED);
  run.emit({ type: 'message.sent', messageId: 'm1', text: 'Say hello', images: [], steer: false });
  const item = { kind: 'agentMessage', id: 'i1', text: 'Hello\u001b[2J there' } as const;
  run.emit({ type: 'item.completed', turnId: 't1', item });
  return { api: scripted.api, run, end };
}

const typesOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as RunEvent).type);

describe('logs', () => {
  it('shows what has happened by now, and waits for nothing', async () => {
    const { code, stdout } = await runCommandLine(begin().api, ['logs', '@last']);
    expect(code).toBe(0);
    expect(stdout).toContain('> Say hello\n');
    expect(stdout).toContain('Hello there\n');
    expect(stdout).not.toContain('\u001b');
  });

  it('breaks lines between words at a terminal', async () => {
    const { api, run } = begin();
    const text = 'one two three four five six seven eight nine ten';
    run.emit({ type: 'item.completed', turnId: 't1', item: { kind: 'agentMessage', id: 'i2', text } });
    const following = beginCommandLine(api, ['logs', '@last', '-f'], { columns: 30 });
    await until(() => following.text().includes('ten\n'));
    expect(following.text()).toContain('one two three four five six\nseven eight nine ten\n');
  });

  it('says that nothing has happened yet', async () => {
    const { api } = scriptApi({ runs: [detailsOf()] });
    expect((await runCommandLine(api, ['logs', '@last'])).stdout).toBe('Nothing has happened in it yet.\n');
    expect((await runCommandLine(api, ['logs', '@last', '--json'])).stdout).toBe('');
  });

  it('prints events as JSON lines', async () => {
    const { stdout } = await runCommandLine(begin().api, ['logs', '@last', '--json']);
    expect(typesOf(stdout)).toEqual(['session.started', 'message.sent', 'item.completed']);
  });

  it.each([
    ['1', ['item.completed']],
    ['2', ['message.sent', 'item.completed']],
    ['9', ['session.started', 'message.sent', 'item.completed']],
  ])('prints the last %s only', async (tail, types) => {
    const { stdout } = await runCommandLine(begin().api, ['logs', '@last', '--json', '--tail', tail]);
    expect(typesOf(stdout)).toEqual(types);
  });

  it.each([
    ['done', 0],
    ['failed', 1],
    ['cancelled', 130],
  ] as const)('follows a run to its end, and exits after one that is %s with %d', async (status, code) => {
    const { api, run, end } = begin();
    const running = beginCommandLine(api, ['logs', '-f', '@last'], { input: '' });
    await until(() => running.text().includes('Hello there'));
    run.emit({ type: 'notice', level: 'warning', message: 'late news' });
    await until(() => running.text().includes('late news'));
    end(status);
    expect(await running.ended).toBe(code);
    expect(running.text()).toContain(`run  ${RUN_ID}`);
  });

  it('shows what it asks, how to answer that while it is open, and what was answered', async () => {
    const { api, run, end } = begin();
    const question = { id: 'q', header: '', question: 'Which?', allowsOther: false, isSecret: false };
    const options = ['red', 'green'].map((label) => ({ label, description: '' }));
    const common = { threadId: 'thread-1', turnId: 't1', itemId: 'i1' };
    run.emit({ type: 'request.opened', request: COMMAND_REQUEST });
    const answer = { kind: 'decision', behavior: 'deny', message: 'no way' } as const;
    run.emit({ type: 'request.answered', requestId: 'r1', answer, by: 'ada' });
    const running = beginCommandLine(api, ['logs', '-f', '@last'], { input: '' });
    await until(() => running.text().includes('declined by ada: no way'));
    expect(running.text()).toContain('? Codex asks to run a command\n    ls\n');
    expect(running.text()).not.toContain('approve');
    const asked: Request = { kind: 'question', ...common, id: 'r2', questions: [{ ...question, options }] };
    run.emit({ type: 'request.opened', request: asked });
    await until(() => running.stderr().includes(`It waits for an answer: optio-codex answer ${RUN_ID}/r2`));
    expect(running.stdout()).toContain('    Which?\n    1 red\n    2 green\n');
    run.emit({
      type: 'request.answered',
      requestId: 'r2',
      answer: { kind: 'answers', answers: { q: ['green'] } },
      by: 'bo',
    });
    await until(() => running.text().includes('answered by bo: green'));
    end();
    expect(await running.ended).toBe(0);
  });

  it('says of a request that is open already how to answer it', async () => {
    const open = { runId: RUN_ID, openedAt: '2026-11-22T10:00:00.000Z', request: COMMAND_REQUEST };
    const scripted = scriptApi({ runs: [detailsOf({ openRequests: 1 })], requests: [open] });
    scripted.run(RUN_ID).run.emit({ type: 'request.opened', request: COMMAND_REQUEST });
    const { stderr } = await runCommandLine(scripted.api, ['logs', '@last']);
    expect(stderr).toContain(`optio-codex approve ${RUN_ID}/r1`);
  });

  it('ends when nobody reads it any more, and leaves the run alone', async () => {
    const { api, run } = begin();
    const running = beginCommandLine(api, ['logs', '-f', '@last', '--json'], { input: '' });
    await until(() => running.stdout().includes('item.completed'));
    running.output.destroy(new Error('write EPIPE'));
    expect(await running.ended, 'although nothing more happens in it').toBe(141);
    expect(run.hasEnded).toBe(false);
  });
});
