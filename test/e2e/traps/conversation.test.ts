import { execFileSync, spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CodexConversation } from '../../../src/codex/conversation.ts';
import { callTool, hang, httpError, say, shell } from '../../../src/testing/index.ts';
import { BINARIES, NEWEST, OLDEST, startCodex, startConversation, type TestedBinary } from '../../support/codex.ts';
import { testDirectory } from '../../support/directories.ts';
import { notification, watchEvents } from '../../support/events.ts';
import { until } from '../../support/processes.ts';

const commandStarted = notification(
  'item/started',
  ({ item }: { item: { type: string } }) => item.type === 'commandExecution',
);

describe.each(BINARIES)('what surprises in a conversation with codex $version', (binary) => {
  it('tells the exit code and the words of a codex whose home is not there', async () => {
    const { workspace } = await startCodex({ binary, isRaw: true });
    const env = { HOME: workspace, CODEX_HOME: join(workspace, 'nowhere') };
    const conversation = new CodexConversation({ cwd: workspace });
    const { events } = watchEvents(conversation);
    conversation.attach(spawn(binary.path, ['app-server'], { cwd: workspace, env }));
    const reader = conversation.runReader();
    await expect(conversation.bootstrap()).rejects.toMatchObject({ code: 'connection-closed' });
    await reader;
    expect(events.at(-1)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('CODEX_HOME') });
  });

  it('goes on beside an MCP server that does not start', async () => {
    const config = { mcp_servers: { broken: { command: '/nowhere/server' } } };
    const { conversation, event } = await startConversation({ binary, config });
    await event(
      notification('mcpServer/startupStatus/updated', ({ status }: { status: string }) => status === 'failed'),
    );
    await expect((await conversation.send('!say fine')).completed).resolves.toMatchObject({ text: 'fine' });
  });

  it('takes a message without any input, and refuses to steer with none in the words of codex', async () => {
    const gate = Promise.withResolvers<void>();
    const script = async () => {
      await gate.promise;
      return [say('answer to nothing')];
    };
    const { conversation, event } = await startConversation({ binary, script });
    const turn = await conversation.send([]);
    await event(notification('turn/started'));
    await expect(conversation.send([], { steer: true })).rejects.toMatchObject({
      code: 'turn-rejected',
      message: expect.stringContaining('input must not be empty'),
    });
    gate.resolve();
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 'answer to nothing' });
  });

  it('ends a turn whose provider hangs, once codex has had enough of the silence', async () => {
    const { conversation } = await startConversation({
      binary,
      script: () => [hang()],
      provider: { stream_idle_timeout_ms: 200 },
    });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('idle timeout') },
    });
    expect(conversation.isPending()).toBe(false);
  });

  it('gives up on a provider that hangs again and again after the deadline, however often codex would ask', async () => {
    const { conversation } = await startConversation({
      binary,
      script: () => [hang()],
      provider: { stream_idle_timeout_ms: 100, stream_max_retries: 100 },
      conversation: { deadlines: { retryMs: 500 } },
    });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('given up after') },
    });
  });

  it('takes up a thread whose codex was killed in the middle of a turn', async () => {
    const first = await startConversation({ binary, script: [shell('sleep 311'), say('after the death')] });
    (await first.conversation.send('go')).completed.catch(() => {});
    await first.event(commandStarted);
    process.kill(first.codex.process.identity.pid, 'SIGKILL');
    await first.reader;
    await first.codex.stop();
    const resumeThreadId = first.conversation.threadId ?? '';
    const { conversation, model } = await startConversation({ binary, from: first, conversation: { resumeThreadId } });
    expect(conversation.isPending()).toBe(false);
    await expect((await conversation.send('again')).completed).resolves.toMatchObject({ text: 'after the death' });
    expect(JSON.stringify(model.requests.at(-1)?.body.input), 'the model is told of it').toContain('aborted');
  });

  it('asks nobody about permissions for single commands, which codex refuses by itself', async () => {
    const more = { file_system: { write: ['/usr'] } };
    const { conversation, model } = await startConversation({
      binary,
      script: [
        callTool('exec_command', {
          cmd: 'touch /usr/made',
          sandbox_permissions: 'with_additional_permissions',
          additional_permissions: more,
          justification: 'I want more',
        }),
        say('done'),
      ],
      conversation: { permissionGate: true },
    });
    const asked: unknown[] = [];
    conversation.onPermissionRequest((request) => {
      asked.push(request);
      return { behavior: 'allow' };
    });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ text: 'done' });
    expect(asked).toEqual([]);
    expect(model.requests.at(-1)?.outputs.join()).toContain('exec_permission_approvals');
  });
});

describe('what only one of the two versions does', () => {
  it('waits as long as a provider asks for and recovers (0.169), or fails at once (0.142)', async () => {
    const statusWith = async (binary: typeof NEWEST) => {
      let asked = 0;
      const refusal = httpError(
        429,
        { error: { message: 'slow down', code: 'rate_limit_exceeded' } },
        { 'retry-after': '0' },
      );
      const { conversation } = await startConversation({
        binary,
        script: () => (asked++ === 0 ? [refusal] : [say('fine')]),
      });
      return (await (await conversation.send('go')).completed).status;
    };
    expect(await statusWith(NEWEST)).toBe('completed');
    expect(await statusWith(OLDEST)).toBe('failed');
  });

  it('loses the effort for a model that it does not know (0.142), or passes on any word (0.169)', async () => {
    const effortWith = async (binary: typeof NEWEST) => {
      const { conversation, model } = await startConversation({
        binary,
        conversation: { reasoningEffort: 'ludicrous' },
      });
      await (await conversation.send('!say a')).completed;
      return (model.requests[0]?.body.reasoning as { effort?: string } | null)?.effort;
    };
    expect(await effortWith(NEWEST)).toBe('ludicrous');
    expect(await effortWith(OLDEST)).toBeUndefined();
  });

  it('runs an accepted command without any sandbox when that is broken (0.142), or not at all (0.169): so it is unknown', async () => {
    const runIn = async (binary: typeof NEWEST) => {
      const { conversation, workspace } = await startConversation({
        binary: withBrokenSandbox(binary),
        conversation: { permissionGate: true, approvalPolicy: 'untrusted' },
      });
      const asked: string[] = [];
      conversation.onPermissionRequest(({ sandboxed }) => {
        asked.push(sandboxed);
        return { behavior: 'allow' };
      });
      await (await conversation.send('!run touch made\n!say done')).completed;
      expect(asked).toEqual(['unknown']);
      return () => existsSync(join(workspace, 'made'));
    };
    const wasRun = await runIn(NEWEST);
    await until(await runIn(OLDEST), 'the file'); // a slow command may outlive its turn
    expect(wasRun()).toBe(false);
  });
});

/** The package of codex with another bwrap in it, which codex notices by its digest. */
function withBrokenSandbox({ version, path }: TestedBinary): TestedBinary {
  const copy = join(testDirectory('package'), 'vendor');
  execFileSync('cp', ['-a', '--', dirname(dirname(path)), copy]);
  const bwrap = join(copy, 'codex-resources', 'bwrap');
  rmSync(bwrap);
  writeFileSync(bwrap, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  return { version, path: join(copy, 'bin', 'codex') };
}
