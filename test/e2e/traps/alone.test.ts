import { symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { say, shell } from '../../../src/testing/index.ts';
import { BINARIES, NEWEST, OLDEST, type StartOptions, startCodex, startConversation } from '../../support/codex.ts';
import { commandsOf, isRunning } from '../../support/commands-of.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { until } from '../../support/processes.ts';
import { readCodexConfig } from '../../support/read-codex-config.ts';
import { makePlace, watchRun } from '../../support/run.ts';

/** What a command prints, with so much more in the configuration. */
async function outputOf(command: string, options: StartOptions): Promise<string> {
  const { conversation, model } = await startConversation({ ...options, script: [shell(command), say('done')] });
  await (await conversation.send('go')).completed;
  return model.requests.at(-1)?.outputs.join() ?? '';
}

describe.each(BINARIES)('what codex $version does where we do not hinder it', (binary) => {
  it('opens a thread in a directory that is not there', async () => {
    const { conversation } = await startConversation({ binary, conversation: { cwd: '/nowhere/at/all' } });
    expect(conversation.threadId).not.toBeNull();
  });

  it('keeps the instructions that a thread began with, whatever it is resumed with', async () => {
    const first = await startConversation({ binary, conversation: { developerInstructions: 'FIRST-WORDS' } });
    await (await first.conversation.send('!say one')).completed;
    await first.codex.stop();
    await first.reader;
    const resumeThreadId = first.conversation.threadId ?? '';
    const again = { resumeThreadId, developerInstructions: 'SECOND-WORDS' };
    const { conversation, model } = await startConversation({ binary, from: first, conversation: again });
    await (await conversation.send('!say two')).completed;
    const input = JSON.stringify(model.requests.at(-1)?.body);
    expect([input.includes('FIRST-WORDS'), input.includes('SECOND-WORDS')]).toEqual([true, false]);
  });

  it('reads AGENTS.md through a link, unless it is to read none', async () => {
    const secret = join(testDirectory('linked'), 'secret');
    writeFileSync(secret, 'CANARY-behind-the-guide');
    const reaches = async (config: Record<string, unknown>) => {
      const { conversation, model, workspace } = await startCodex({ binary, config, conversation: { sandbox: null } });
      subdirectory(workspace, '.git');
      symlinkSync(secret, join(workspace, 'AGENTS.md'));
      await conversation.bootstrap();
      await (await conversation.send('!say hello')).completed;
      return JSON.stringify(model.requests[0]?.body).includes('CANARY');
    };
    const { project_doc_max_bytes } = readCodexConfig();
    expect(await reaches({})).toBe(true);
    expect(await reaches({ project_doc_max_bytes })).toBe(false);
  });

  it('filters also what it is told to set in the environment of commands', async () => {
    const environment = (include_only: string[]) => ({
      features: { shell_snapshot: false },
      shell_environment_policy: { inherit: 'core', include_only, set: { GREETING: 'hello there' } },
    });
    const command = 'echo "[$GREETING]"';
    expect(await outputOf(command, { binary, config: environment(['PATH']) })).toContain('[]');
    expect(await outputOf(command, { binary, config: environment(['PATH', 'GREETING']) })).toContain('[hello there]');
  });
});

describe('a private home whose path is longer than the name of a socket may be', () => {
  it('has a link to a socket that lies elsewhere (0.169)', async () => {
    const place = await makePlace({ optio: { dataDir: join(testDirectory('long'), 'long'.repeat(30)) } });
    const { outcome } = await watchRun(place, { instructions: '!say reached' });
    expect(outcome).toMatchObject({ status: 'done', text: 'reached' });
  });
});

describe('what only one of the two versions does', () => {
  it('ends well at SIGTERM (0.169), or dies of it (0.142)', async () => {
    const endOf = async (binary: typeof NEWEST) => {
      const { codex, events, reader } = await startConversation({ binary });
      process.kill(codex.process.identity.pid, 'SIGTERM');
      await reader;
      return events.at(-1);
    };
    expect(await endOf(NEWEST)).toMatchObject({ type: 'x-optio-closed', exitCode: 0, signal: null });
    expect(await endOf(OLDEST)).toMatchObject({ type: 'x-optio-closed', exitCode: null, signal: 'SIGTERM' });
  });

  it('asks for a medium effort when it is told "ultra" for a model that it does not know (0.169)', async () => {
    const { conversation, model } = await startConversation({
      binary: NEWEST,
      conversation: { reasoningEffort: 'ultra' },
    });
    await (await conversation.send('!say a')).completed;
    expect(model.requests[0]?.body.reasoning).toMatchObject({ effort: 'medium' });
  });

  it('opens the whole network for a list of hosts, unless its proxy is switched on (0.169)', async () => {
    const server = createServer((socket) => socket.end('REACHED'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const connect = `timeout 20 bash -c 'exec 3<>/dev/tcp/127.0.0.1/${(server.address() as AddressInfo).port}; cat <&3'`;
    const network = { enabled: true, domains: { 'listed.example': 'allow' } };
    const config = {
      default_permissions: 'locked',
      permissions: { locked: { extends: ':workspace', filesystem: { '/nowhere': 'deny' }, network } },
    };
    const options = {
      binary: NEWEST,
      conversation: { expectProfile: 'locked', sandbox: null, experimentalApi: true },
    } as const;
    expect(await outputOf(connect, { ...options, config })).toContain('REACHED');
    const { features } = readCodexConfig({ networkAccess: ['listed.example'] }) as { features: object };
    expect(await outputOf(connect, { ...options, config: { ...config, features } })).not.toContain('REACHED');
  });

  it('unloads a thread that nobody watches and kills its commands, after a delay that ours puts off (0.169)', async () => {
    const delay = 'thread_unload_delay_secs';
    const started = await startCodex({
      binary: NEWEST,
      over: 'socket',
      isRaw: true,
      config: { [delay]: 1 },
      script: [shell('sleep 401', { yieldMs: 250 }), say('it runs')],
    });
    const { conversation, codex } = started;
    const transport = await codex.connect();
    conversation.attach({ transport });
    const reader = conversation.runReader();
    await conversation.bootstrap();
    await (await conversation.send('go')).completed;
    await until(() => isRunning(codex, 'sleep 401'), 'the command');
    transport.close();
    await reader;
    await until(() => commandsOf(codex) === 0, 'the end of the command');
    expect(readCodexConfig()[delay]).toBeGreaterThan(30 * 24 * 3600);
  });
});
