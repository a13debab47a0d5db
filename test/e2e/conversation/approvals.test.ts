import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PermissionRequest } from '../../../src/codex/permission.ts';
import { addFile, callTool, escalate, say, shell, together } from '../../../src/testing/index.ts';
import { BINARIES, NEWEST, OLDEST, type StartOptions, startConversation } from '../../support/codex.ts';
import { notification } from '../../support/events.ts';

/** A conversation that asks about everything. */
async function startAsking(options: StartOptions) {
  const started = await startConversation({
    ...options,
    conversation: { permissionGate: true, approvalPolicy: 'untrusted', ...options.conversation },
  });
  const asked: PermissionRequest[] = [];
  const ask = (behavior: 'allow' | 'deny', more: { forSession?: boolean; interrupt?: boolean } = {}) =>
    started.conversation.onPermissionRequest((request) => {
      asked.push(request);
      return { behavior, ...more };
    });
  return { ...started, asked, ask };
}

const done = notification('item/completed', ({ item }: { item: { type: string } }) => item.type === 'commandExecution');

describe.each(BINARIES)('approvals with codex $version', (binary) => {
  it('runs what is allowed', async () => {
    const { conversation, ask, asked, workspace } = await startAsking({ binary });
    ask('allow');
    const turn = await conversation.send('!run touch made\n!say done');
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 'done' });
    expect(asked).toMatchObject([{ kind: 'command', toolName: 'touch made', sandboxed: 'unknown' }]);
    expect(existsSync(join(workspace, 'made'))).toBe(true);
  });

  it('does not run what is denied, and the turn goes on', async () => {
    const { conversation, ask, event, workspace } = await startAsking({ binary });
    ask('deny');
    const turn = await conversation.send('!run touch made\n!say done without');
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 'done without' });
    expect(await event(done)).toMatchObject({ params: { item: { status: 'declined' } } });
    expect(existsSync(join(workspace, 'made'))).toBe(false);
  });

  it('stops the turn with a denial that interrupts', async () => {
    const { conversation, ask } = await startAsking({ binary });
    ask('deny', { interrupt: true });
    const turn = await conversation.send('!run touch made\n!say never said');
    await expect(turn.completed).resolves.toMatchObject({ status: 'interrupted', text: '' });
  });

  it('asks once about the same command when it is allowed for the session, and again about another', async () => {
    const { conversation, ask, asked } = await startAsking({ binary });
    ask('allow', { forSession: true });
    await (await conversation.send('!run touch a\n!run touch a\n!run touch b\n!say done')).completed;
    expect(asked.map((request) => request.toolName)).toEqual(['touch a', 'touch b']);
  });

  it('shows the diff of a file change, which the request itself does not carry', async () => {
    const { conversation, ask, asked, workspace } = await startAsking({ binary });
    ask('allow');
    await (await conversation.send('!write new.txt some text\n!say done')).completed;
    expect(asked).toMatchObject([
      {
        kind: 'fileChange',
        toolName: 'file change',
        changes: [{ path: join(workspace, 'new.txt'), kind: 'add', diff: 'some text\n' }],
      },
    ]);
  });

  it('keeps approvals for the handler that comes later, and gives them to the newest one', async () => {
    const { conversation, event, ask, asked } = await startAsking({ binary });
    const turn = await conversation.send('!run touch made\n!say done');
    await event((told) => 'method' in told && 'id' in told && told.method === 'item/commandExecution/requestApproval');
    const remove = ask('allow');
    await turn.completed;
    const seen: string[] = [];
    conversation.onPermissionRequest(({ toolName }) => {
      seen.push(toolName);
      return { behavior: 'deny' };
    });
    remove(); // no longer the current one, so nothing happens
    await (await conversation.send('!run touch other\n!say done')).completed;
    expect(asked).toHaveLength(1);
    expect(seen).toEqual(['touch other']);
  });

  it('denies when the handler throws', async () => {
    const { conversation, event } = await startAsking({ binary });
    conversation.onPermissionRequest(() => {
      throw new Error('broken handler');
    });
    await (await conversation.send('!run touch made\n!say done')).completed;
    expect(await event(done)).toMatchObject({ params: { item: { status: 'declined' } } });
  });

  it('answers several that are open at once, each for itself', async () => {
    const script = [together(shell('touch a'), shell('touch b'), addFile('c', 'c')), say('done')];
    const { conversation, ask, asked, workspace } = await startAsking({ binary, script });
    ask('allow');
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ text: 'done' });
    expect(asked).toHaveLength(3);
    expect(['a', 'b', 'c'].filter((name) => existsSync(join(workspace, name)))).toEqual(['a', 'b', 'c']);
  });

  it('asks nobody and refuses escalations without a gate', async () => {
    const { conversation, model, workspace } = await startConversation({
      binary,
      script: [escalate('touch made'), say('done')],
    });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ text: 'done' });
    expect(existsSync(join(workspace, 'made'))).toBe(false);
    expect(model.requests.at(-1)?.outputs.join()).toMatch(/polic/i);
  });

  it('brings a question of the model, and its answer back', async () => {
    const { conversation, model } = await startConversation({
      binary,
      config: { features: { default_mode_request_user_input: true } },
    });
    conversation.onRequest('question', async (request) => {
      expect(request).toMatchObject({
        kind: 'question',
        questions: [{ question: 'Which colour?', options: [{ label: 'red' }, { label: 'green' }] }],
      });
      return { kind: 'answers', answers: { q1: ['green'] } };
    });
    await (await conversation.send('!ask Which colour? | red | green\n!say done')).completed;
    expect(model.requests.at(-1)?.outputs.join()).toContain('green');
  });

  it('refuses a question that nobody answers, and says so', async () => {
    const { conversation, event } = await startConversation({
      binary,
      config: { features: { default_mode_request_user_input: true } },
    });
    const turn = await conversation.send('!ask Which colour? | red | green\n!say done');
    await expect(turn.completed).resolves.toMatchObject({ text: 'done' });
    await event(
      (told) => 'type' in told && told.type === 'x-optio-unanswered' && told.method === 'item/tool/requestUserInput',
    );
  });
});

describe('what only one of the two versions does', () => {
  it('asks even about `ls` under "untrusted" (0.169), or knows it to be harmless (0.142)', async () => {
    const namesOf = async (binary: typeof NEWEST) => {
      const { conversation, ask, asked } = await startAsking({ binary });
      ask('allow');
      await (await conversation.send('!run ls\n!say done')).completed;
      return asked.map((request) => request.toolName);
    };
    expect(await namesOf(NEWEST)).toEqual(['ls']);
    expect(await namesOf(OLDEST)).toEqual([]);
  });

  it('does not know an escalation from a plain command when the model gives no justification (0.169)', async () => {
    const bare = callTool('exec_command', { cmd: 'touch made', sandbox_permissions: 'require_escalated' });
    const { conversation, ask, asked } = await startAsking({
      binary: NEWEST,
      script: [bare, escalate('touch more'), say('done')],
    });
    ask('deny');
    await (await conversation.send('go')).completed;
    expect(asked.map(({ sandboxed }) => sandboxed)).toEqual(['unknown', 'no']);
  });

  it('calls every command that it is asked about under "on-request" unsandboxed (0.169)', async () => {
    const bare = callTool('exec_command', { cmd: 'touch made', sandbox_permissions: 'require_escalated' });
    const conversation = { approvalPolicy: 'on-request' } as const;
    const started = await startAsking({
      binary: NEWEST,
      script: [shell('touch plain'), bare, say('done')],
      conversation,
    });
    started.ask('deny');
    await (await started.conversation.send('go')).completed;
    expect(started.asked).toMatchObject([{ toolName: 'touch made', sandboxed: 'no' }]);
  });

  it('brings a request for more permissions, which is denied by granting nothing (0.169)', async () => {
    const { conversation, ask, asked, model } = await startAsking({
      binary: NEWEST,
      config: { features: { request_permissions_tool: true } },
      script: [
        callTool('request_permissions', { reason: 'I want the network', permissions: { network: { enabled: true } } }),
        say('done'),
      ],
      conversation: { approvalPolicy: 'on-request' },
    });
    ask('deny');
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ text: 'done' });
    expect(asked).toMatchObject([{ kind: 'permissions', sandboxed: 'no' }]);
    expect(model.requests.at(-1)?.outputs.join()).not.toContain('"enabled":true');
  });
});
