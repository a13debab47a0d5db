import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import type { OpenRequest, RunSummary } from '../../src/contract/run-summary.ts';
import { Optio } from '../../src/optio.ts';
import type { Task } from '../../src/task/task.ts';
import { beginCommandLine, runCommandLine } from '../support/command-line.ts';
import { testDirectory } from '../support/directories.ts';
import { done, taskOf } from '../support/engine.ts';
import { until } from '../support/processes.ts';
import { COMMAND_REQUEST } from '../support/run-events.ts';

/** The command line over all of optio-codex but Codex: what works on a run is a function. */
async function open(execute: Task['execute']) {
  const optio = await Optio.open({ dataDir: join(testDirectory('verbs'), 'data') });
  onTestFinished(() => optio.close());
  await optio.define(taskOf(execute, { id: 'nightly', name: 'Nightly' }));
  // The command lets go of its API, and here that is ours.
  const api = new Proxy(optio, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (name === 'close') return async () => {};
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const say = async (...argv: string[]) => {
    const { code, stdout, stderr } = await runCommandLine(api, argv, { input: '' });
    expect({ argv, code, stderr }).toEqual({ argv, code: 0, stderr: '' });
    return stdout;
  };
  return { api, say };
}

it('launches, looks, approves, and waits for the end of a run', async () => {
  const { api, say } = await open(async (context) => {
    const answer = await context.ask({ ...COMMAND_REQUEST, id: 'request-5f0c000000000000' }, context.signal);
    return done(JSON.stringify(answer));
  });
  const id = (await say('launch', '-d', 'nightly', '--tag', 'team=red')).trim();
  expect(id).toMatch(/^run-[0-9a-f]{16}$/);
  expect(await say('ps', '-q', '--tag', 'team=red')).toBe(`${id}\n`);
  const openRequests = async () =>
    (JSON.parse(await say('requests', '--json')) as { requests: OpenRequest[] }).requests;
  await until(async () => (await openRequests()).length === 1, 'the request');
  expect(await say('ps')).toContain('asks you');
  const waiting = beginCommandLine(api, ['wait', id], { input: '' });
  expect(await say('approve', '5f0c')).toBe('Allowed: ls (not confined to the workspace)\n');
  expect(await waiting.ended).toBe(0);
  for (const name of ['5f0c', `${id}/5f0c`, id]) {
    const late = await runCommandLine(api, ['deny', name], { input: '' });
    expect(late.stderr).toContain('request-5f0c000000000000 was answered with "allow" by caller (command line) before');
    expect(late.code).toBe(1);
  }
  expect(await say('ps')).toMatch(/^Nothing is under way/);
  const { runs } = JSON.parse(await say('ps', '-a', '--json')) as { runs: RunSummary[] };
  expect(runs).toMatchObject([{ id, state: 'done', metadata: { team: 'red' } }]);
  const events = (await say('logs', id, '--json')).trimEnd().split('\n');
  const answered = events.map((line) => JSON.parse(line) as RunEvent).find(({ type }) => type === 'request.answered');
  expect(answered).toMatchObject({ answer: { behavior: 'allow' }, by: 'caller (command line)' });
});

it('cancels runs by their tag, and tells their exit code', async () => {
  const { api, say } = await open(async (context) => {
    await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }));
    return { ...done(), status: 'cancelled' };
  });
  const ids = [await say('launch', '-d', 'nightly', '--tag', 'batch=7'), await say('launch', '-d', 'nightly')];
  const [one = '', other = ''] = ids.map((id) => id.trim());
  await until(async () => (await say('ps', '--state', 'running', '-q')).split('\n').length === 3, 'both under way');
  expect(await say('cancel', '--tag', 'batch=7', '--reason', 'enough')).toBe(`${one} is told to stop.\n`);
  expect((await runCommandLine(api, ['wait', one])).code).toBe(130);
  expect(await say('ps', '-q')).toBe(`${other}\n`);
  expect(await say('cancel', other)).toBe(`${other} is told to stop.\n`);
  expect((await runCommandLine(api, ['logs', '-f', other])).code).toBe(130);
});
