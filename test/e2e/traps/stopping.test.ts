import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { toUserInput } from '../../../src/codex/input.ts';
import { hang, pause, say, shell } from '../../../src/testing/index.ts';
import { startBare } from '../../support/bare-client.ts';
import { begunMessage } from '../../support/begun-message.ts';
import { BINARIES, NEWEST, OLDEST, startCodex, type TestedBinary } from '../../support/codex.ts';
import { commandsOf } from '../../support/commands-of.ts';
import { failureOf } from '../../support/failure.ts';
import { until } from '../../support/processes.ts';

describe.each(BINARIES)('an interrupt with codex $version', (binary) => {
  it('is refused between the answer to a start and the start, and the turn goes on', async () => {
    const script = () => [hang()];
    const { workspace, client, of, startThread, startTurn, notified } = await startBare({ binary, script });
    let turnId = '';
    await until(async () => {
      const threadId = await startThread({ cwd: workspace });
      turnId = await startTurn(threadId, 'go');
      const refusal = await client.call('turn/interrupt', { threadId, turnId }).catch((error: Error) => error.message);
      await notified('turn/started', ({ turn }) => turn.id === turnId);
      return typeof refusal === 'string' && refusal.includes('no active turn to interrupt');
    }, 'a refusal');
    await client.call('model/list', {});
    expect(of('turn/completed').filter(({ turn }) => turn.id === turnId)).toEqual([]);
  });

  it('is refused when it names another turn than the one that runs, and so is a steered message', async () => {
    const { workspace, client, of, startThread, startTurn, notified } = await startBare({ binary });
    const threadId = await startThread({ cwd: workspace });
    const other = (await startTurn(threadId, '!say hello\n!hang')).replace(/.{4}$/, '0000');
    await notified('turn/started');
    const calls = [
      client.call('turn/interrupt', { threadId, turnId: other }),
      client.call('turn/steer', { threadId, input: toUserInput('stop'), expectedTurnId: other }),
    ];
    const failures = await Promise.all(calls.map(failureOf));
    for (const { message } of failures) expect(message).toMatch(new RegExp(`expected active turn id .?${other}`));
    expect(of('turn/completed')).toEqual([]);
  });

  it('leaves the commands of its turn running, and tells no end of them', async () => {
    const script = [shell('sleep 431'), say('after')];
    const { codex, workspace, client, of, startThread, startTurn, runTurn, notified } = await startBare({
      binary,
      script,
    });
    const threadId = await startThread({ cwd: workspace });
    const turnId = await startTurn(threadId, 'go');
    await notified('item/started', ({ item }) => item.type === 'commandExecution');
    await until(() => commandsOf(codex) > 0, 'the command');
    await client.call('turn/interrupt', { threadId, turnId });
    await notified('turn/completed', ({ turn }) => turn.id === turnId && turn.status === 'interrupted');
    await runTurn(threadId, 'again');
    expect(commandsOf(codex)).toBeGreaterThan(0);
    expect(of('item/completed').filter(({ item }) => item.type === 'commandExecution')).toEqual([]);
  });

  it('takes what was said by halves out of the history, and has no end for it', async () => {
    const script = [...begunMessage('HALF-A-SENTENCE'), hang(), say('after')];
    const { workspace, client, model, of, startThread, startTurn, runTurn, notified } = await startBare({
      binary,
      script,
    });
    const threadId = await startThread({ cwd: workspace });
    const turnId = await startTurn(threadId, 'go');
    await notified('item/agentMessage/delta');
    await client.call('turn/interrupt', { threadId, turnId });
    await runTurn(threadId, 'again');
    const input = JSON.stringify(model.requests.at(-1)?.body.input);
    expect([input.includes('HALF-A-SENTENCE'), input.includes('<turn_aborted>')]).toEqual([false, true]);
    const ended = of('item/completed').flatMap(({ item }) => (item.type === 'agentMessage' ? [item.text] : []));
    expect(ended).toEqual(['after']);
  });
});

describe.each(BINARIES)('a signal for codex $version', (binary) => {
  it.each(['SIGINT', 'SIGHUP'] as const)(
    'ends it when it is %s: ours is out of reach of a terminal',
    async (signal) => {
      const { codex } = await startCodex({ binary, isRaw: true });
      const { pid } = codex.process.identity;
      const ids = execFileSync('ps', ['-o', 'pgid=,sid=,tty=', '-p', String(pid)], { encoding: 'utf8' });
      expect(ids.trim().split(/\s+/), 'a group and a session of its own, and no terminal').toEqual([
        `${pid}`,
        `${pid}`,
        '?',
      ]);
      process.kill(pid, signal);
      await expect(codex.process.exited).resolves.toEqual({ exitCode: null, signal });
    },
  );

  it.each([
    ['its turn is over', false],
    ['it comes a second time', true],
  ])('that is SIGTERM ends one with a socket in the middle of a turn only when %s', async (_, isRepeated) => {
    const gate = Promise.withResolvers<void>();
    const script = [pause(gate.promise), say('done')];
    const { codex, workspace, client, model, startThread, startTurn } = await startBare({
      binary,
      over: 'socket',
      script,
    });
    await startTurn(await startThread({ cwd: workspace }), 'go');
    await model.request();
    let end: object | undefined;
    void codex.process.exited.then((how) => {
      end = how;
    });
    const terminate = () => process.kill(codex.process.identity.pid, 'SIGTERM');
    terminate();
    for (let times = 0; times < 50; times++) await client.call('model/list', {});
    if (!isRepeated) gate.resolve();
    // Two that come before a busy codex has looked are one to it.
    await until(() => end !== undefined || (isRepeated && !terminate()), 'the end of codex');
    expect(end).toEqual({ exitCode: 0, signal: null });
  });
});

describe('what only one of the two versions does with an interrupt', () => {
  it('is not to answer it after a turn that was interrupted (0.142), or to refuse it (0.169)', async () => {
    const answer = async (binary: TestedBinary) => {
      const script = () => [hang()];
      const { codex, workspace, client, startThread, startTurn, notified } = await startBare({ binary, script });
      const threadId = await startThread({ cwd: workspace });
      const turnId = await startTurn(threadId, 'go');
      await notified('turn/started');
      await client.call('turn/interrupt', { threadId, turnId });
      await notified('turn/completed');
      const second = failureOf(client.call('turn/interrupt', { threadId, turnId }));
      for (let times = 0; times < 50; times++) await client.call('model/list', {});
      await codex.stop();
      return (await second).code;
    };
    expect(await answer(NEWEST)).toBe('call-failed');
    expect(await answer(OLDEST)).toBe('connection-closed');
  });
});
