import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ThreadResumeParams } from '../../../src/codex/protocol/v2/ThreadResumeParams.ts';
import type { ThreadStartParams } from '../../../src/codex/protocol/v2/ThreadStartParams.ts';
import { say, shell } from '../../../src/testing/index.ts';
import { joinBare, startBare } from '../../support/bare-client.ts';
import {
  BINARIES,
  NEWEST,
  OLDEST,
  type StartOptions,
  startConversation,
  type TestedBinary,
} from '../../support/codex.ts';
import { commandsOf } from '../../support/commands-of.ts';
import { subdirectory } from '../../support/directories.ts';
import { failureOf } from '../../support/failure.ts';
import { readCodexConfig } from '../../support/read-codex-config.ts';

type Place = Awaited<ReturnType<typeof startBare>> & { readonly threadId: string };

/** A thread that has had a turn, and whose codex has ended. */
async function leaveThread(options: StartOptions, thread: Partial<ThreadStartParams> = {}): Promise<Place> {
  const left = await startBare(options);
  const threadId = await left.startThread({ cwd: left.workspace, ...thread });
  await left.runTurn(threadId, '!say remember me');
  await left.codex.stop();
  return { ...left, threadId };
}

/** Takes a thread up in a process of its own, runs a turn in it, and tells what it was taken up with. */
async function takeUp(from: Place, binary: TestedBinary, params: Partial<ThreadResumeParams>, text = '!say again') {
  const { client, codex, runTurn } = await startBare({ binary, from });
  const { cwd, approvalPolicy, sandbox } = await client.call('thread/resume', { threadId: from.threadId, ...params });
  await runTurn(from.threadId, text);
  await codex.stop();
  return { cwd, approvalPolicy, sandbox: sandbox.type };
}

describe.each(BINARIES)('a thread of codex $version', (binary) => {
  it('stays loaded, with its commands, when its only client unsubscribes from it', async () => {
    const script = [shell('sleep 421', { yieldMs: 250 }), say('it runs')];
    const { codex, client, workspace, startThread, runTurn } = await startBare({ binary, script });
    const threadId = await startThread({ cwd: workspace });
    await runTurn(threadId, 'go');
    await expect(client.call('thread/unsubscribe', { threadId })).resolves.toEqual({ status: 'unsubscribed' });
    expect((await client.call('thread/loaded/list', {})).data).toEqual([threadId]);
    expect(commandsOf(codex)).toBeGreaterThan(0);
  });

  it('has the instructions that are given to it instead of those of the config.toml', async () => {
    const config = { developer_instructions: 'WORDS-OF-THE-CONFIG' };
    const { model, workspace, startThread, runTurn } = await startBare({ binary, config });
    const heard = async (params: Partial<ThreadStartParams>) => {
      await runTurn(await startThread({ cwd: workspace, ...params }), '!say hello');
      const body = JSON.stringify(model.requests.at(-1)?.body);
      return ['WORDS-OF-THE-CONFIG', 'WORDS-OF-THE-THREAD'].filter((words) => body.includes(words));
    };
    expect(await heard({})).toEqual(['WORDS-OF-THE-CONFIG']);
    expect(await heard({ developerInstructions: 'WORDS-OF-THE-THREAD' })).toEqual(['WORDS-OF-THE-THREAD']);
    expect(readCodexConfig()).not.toHaveProperty('developer_instructions');
  });

  it('cannot be taken up before it has had a turn, not even where it is loaded', async () => {
    const first = await startBare({ binary, over: 'socket' });
    const threadId = await first.startThread({ cwd: first.workspace });
    const { client } = await joinBare(first);
    expect((await client.call('thread/loaded/list', {})).data).toEqual([threadId]);
    const failure = await failureOf(client.call('thread/resume', { threadId }));
    expect(failure.message).toContain('no rollout found');
    await first.runTurn(threadId, '!say hello');
    await expect(client.call('thread/resume', { threadId })).resolves.toMatchObject({ thread: { id: threadId } });
  });

  it('takes no message in a process that has not taken it up', async () => {
    const from = await leaveThread({ binary });
    const { startTurn } = await startBare({ binary, from });
    expect((await failureOf(startTurn(from.threadId, 'hello'))).message).toContain('thread not found');
  });

  it('may write where it is taken up, when it is told a directory and that it may write there', async () => {
    const from = await leaveThread({ binary });
    const cwd = subdirectory(from.home, 'elsewhere');
    await takeUp(from, binary, { cwd, sandbox: 'workspace-write' }, '!run touch made\n!say again');
    expect(existsSync(join(cwd, 'made'))).toBe(true);
  });

  it('stays in its directory when ours takes it up, whatever the conversation says', async () => {
    const from = await leaveThread({ binary });
    const cwd = subdirectory(from.home, 'elsewhere');
    const options = { cwd, resumeThreadId: from.threadId };
    const { conversation, model } = await startConversation({ binary, from, conversation: options });
    await (await conversation.send('!run pwd\n!say again')).completed;
    expect(model.requests.at(-1)?.outputs.join()).toContain(from.workspace);
  });
});

describe('what only one of the two versions does with a thread', () => {
  it('keeps the directory that it was taken up with (0.169), or the first one (0.142)', async () => {
    const cwdAfter = async (binary: TestedBinary) => {
      const from = await leaveThread({ binary });
      await takeUp(from, binary, { cwd: subdirectory(from.home, 'elsewhere') });
      const { cwd } = await takeUp(from, binary, {});
      return cwd.slice(from.home.length - 'home'.length);
    };
    expect(await cwdAfter(NEWEST)).toBe('home/elsewhere');
    expect(await cwdAfter(OLDEST)).toBe('workspace');
  });

  it('keeps its policy (0.169), or not even that (0.142), and its sandbox never', async () => {
    const config = { approval_policy: 'on-request', sandbox_mode: 'read-only' };
    const settingsAfter = async (binary: TestedBinary) => {
      const from = await leaveThread({ binary, config }, { approvalPolicy: 'never', sandbox: 'workspace-write' });
      return takeUp(from, binary, {});
    };
    expect(await settingsAfter(NEWEST)).toMatchObject({ approvalPolicy: 'never', sandbox: 'readOnly' });
    expect(await settingsAfter(OLDEST)).toMatchObject({ approvalPolicy: 'on-request', sandbox: 'readOnly' });
  });

  it('is written by two processes at once, neither of which has what the other one heard (0.142)', async () => {
    const first = await startBare({ binary: OLDEST });
    const threadId = await first.startThread({ cwd: first.workspace });
    await first.runTurn(threadId, '!say for both');
    const second = await startBare({ binary: OLDEST, from: first });
    await second.client.call('thread/resume', { threadId });
    await second.runTurn(threadId, '!say SECOND-ANSWER');
    await first.runTurn(threadId, '!say FIRST-ANSWER');
    await first.runTurn(threadId, '!say more');
    const input = JSON.stringify(first.model.requests.at(-1)?.body.input);
    expect([input.includes('FIRST-ANSWER'), input.includes('SECOND-ANSWER')]).toEqual([true, false]);
  });

  it('gives its items other ids when it stores them, and leaves commands out (0.142), or keeps both (0.169)', async () => {
    const itemsOf = async (binary: TestedBinary) => {
      const script = [shell('echo hello'), say('done')];
      const { client, workspace, of, startThread, runTurn } = await startBare({ binary, script });
      const threadId = await startThread({ cwd: workspace });
      await runTurn(threadId, 'go');
      const { thread } = await client.call('thread/read', { threadId, includeTurns: true });
      // The beginnings: 0.142 may tell the end of a command late.
      const told = of('item/started').map(({ item }) => ({ type: item.type, id: item.id }));
      const stored = thread.turns.flatMap(({ items }) => items.map(({ type, id }) => ({ type, id })));
      return { told, stored };
    };
    const newest = await itemsOf(NEWEST);
    expect(newest.told.map(({ type }) => type)).toEqual(['userMessage', 'commandExecution', 'agentMessage']);
    expect(newest.stored).toEqual(newest.told);
    const oldest = await itemsOf(OLDEST);
    expect(oldest.told.map(({ type }) => type)).toEqual(['userMessage', 'commandExecution', 'agentMessage']);
    expect(oldest.stored).toEqual([
      { type: 'userMessage', id: 'item-1' },
      { type: 'agentMessage', id: 'item-2' },
    ]);
  });

  it('says that its whole history is not to be asked for any more, and gives it all the same (0.169)', async () => {
    const { threadId, ...from } = await leaveThread({ binary: NEWEST });
    const { client, notified } = await startBare({ binary: NEWEST, from });
    const { thread } = await client.call('thread/resume', { threadId });
    expect(thread.turns).toHaveLength(1);
    expect((await notified('deprecationNotice')).summary).toContain('history');
  });
});
