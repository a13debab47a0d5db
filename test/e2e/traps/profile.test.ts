import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../../src/codex/conversation-options.ts';
import { RpcConnection } from '../../../src/rpc/connection.ts';
import { say, shell } from '../../../src/testing/index.ts';
import { BINARIES, NEWEST, type StartedConversation, startCodex, startConversation } from '../../support/codex.ts';
import { testDirectory } from '../../support/directories.ts';
import { notification } from '../../support/events.ts';

/** A file that the profile `locked` denies, a model that reads it, and a conversation that expects the profile. */
function layOut() {
  const directory = testDirectory('denied');
  const secret = join(directory, 'secret');
  writeFileSync(secret, 'CANARY-of-the-profile');
  const config = {
    default_permissions: 'locked',
    permissions: { locked: { extends: ':workspace', filesystem: { [directory]: 'deny' } } },
  };
  let asked = 0;
  const script = () => (asked++ % 2 === 0 ? [shell(`cat ${secret}`)] : [say('done')]);
  return { config, script };
}

const LOCKED = { expectProfile: 'locked', sandbox: null, experimentalApi: true } as const;

/** Lets the model read the file, and tells whether it got it. */
async function hasRead({ conversation, model }: StartedConversation): Promise<boolean> {
  await (await conversation.send('read it')).completed;
  return model.requests.at(-1)?.outputs.join().includes('CANARY') ?? false;
}

describe.each(BINARIES)('a permission profile with codex $version', (binary) => {
  it('is thrown away by a sandbox mode, so that both at once are refused', async () => {
    const { config, script } = layOut();
    expect(await hasRead(await startConversation({ binary, config, script }))).toBe(true);
    expect(await hasRead(await startConversation({ binary, config, script, conversation: LOCKED }))).toBe(false);
    expect(() => checkOptions({ cwd: '/', ...LOCKED, sandbox: 'workspace-write' })).toThrow(
      expect.objectContaining({ code: 'invalid-config', details: expect.objectContaining({ field: 'expectProfile' }) }),
    );
  });

  it('ends the conversation when it is not the one that was expected', async () => {
    const { conversation } = await startCodex({ binary, conversation: LOCKED });
    await expect(conversation.bootstrap()).rejects.toMatchObject({ code: 'sandbox-changed' });
    expect(conversation.closed).toBe(true);
  });

  it('ends the conversation when codex does not understand it, or nobody chose it', async () => {
    const { config } = layOut();
    for (const broken of [
      { permissions: config.permissions },
      { ...config, permissions: { locked: { extends: ':danger-full-access' } } },
    ]) {
      const { conversation } = await startCodex({ binary, config: broken, conversation: LOCKED });
      await expect(conversation.bootstrap()).rejects.toMatchObject({ code: 'codex-config-rejected' });
    }
  });

  it('trusts a repository by itself when a sandbox mode is sent, and runs what it names, but not without one', async () => {
    for (const sandbox of ['workspace-write', null] as const) {
      const marks = testDirectory('marks');
      const touches = (name: string) => ({ [name]: { command: 'touch', args: [join(marks, name)] } });
      // Codex starts all servers at once, so that of the user shows when one of the repository would have been started.
      const { conversation, workspace, event, events } = await startCodex({
        binary,
        config: { mcp_servers: touches('witness') },
        conversation: { sandbox },
      });
      mkdirSync(join(workspace, '.codex'));
      writeFileSync(join(workspace, '.codex', 'config.toml'), stringify({ mcp_servers: touches('thief') }));
      await conversation.bootstrap();
      await (await conversation.send('!say hello')).completed;
      const expected = sandbox ? ['thief', 'witness'] : ['witness'];
      for (const name of expected) await event(startOf(name, 'failed'));
      expect(readdirSync(marks).sort()).toEqual(expected);
      expect(events.some(startOf('thief', 'starting'))).toBe(sandbox !== null);
    }
  });
});

/** What codex tells of the start of a server. A program that is none fails when it has ended. */
const startOf = (server: string, state: string) =>
  notification('mcpServer/startupStatus/updated', ({ name, status }: { name: string; status: string }) => {
    return name === server && status === state;
  });

describe('what only an experimental client may do', () => {
  it.each([
    ['expectProfile', { expectProfile: 'locked', sandbox: null }],
    ['rawEvents', { rawEvents: true }],
    ['login', { login: { type: 'chatgptAuthTokens', accessToken: 'a.b.c', chatgptAccountId: 'acct-1' } }],
  ] as const)('is refused before codex is asked: %s', (field, options) => {
    expect(() => checkOptions({ cwd: '/', ...options })).toThrow(
      expect.objectContaining({ code: 'invalid-config', details: expect.objectContaining({ field }) }),
    );
  });
});

describe('a thread that somebody has moved to another profile', () => {
  it('stays there for whoever resumes it, and comes back when the profile is named (0.169)', async () => {
    const { config, script } = layOut();
    const first = await startCodex({ binary: NEWEST, config, script, isRaw: true });
    const resumeThreadId = await moveToWorkspace(first);
    const careless = await startConversation({
      binary: NEWEST,
      from: first,
      conversation: { resumeThreadId, sandbox: null },
    });
    expect(await hasRead(careless), 'the trap is there').toBe(true);
    await careless.codex.stop();
    const again = await startConversation({
      binary: NEWEST,
      from: first,
      conversation: { resumeThreadId, ...LOCKED },
    });
    expect(await hasRead(again)).toBe(false);
  });
});

/** Starts a thread, takes one turn in it under another profile, and stops codex. */
async function moveToWorkspace({ codex, workspace }: StartedConversation): Promise<string> {
  const ended = Promise.withResolvers<void>();
  const onNotification = (method: string) => method === 'turn/completed' && ended.resolve();
  const rpc = new RpcConnection(codex.link.transport, { onNotification, onClose() {} });
  rpc.start();
  const capabilities = { experimentalApi: true, requestAttestation: false };
  await rpc.call('initialize', { clientInfo: { name: 'test', title: 'test', version: '1' }, capabilities });
  await rpc.notify('initialized');
  const started = (await rpc.call('thread/start', { cwd: workspace, approvalPolicy: 'never' })) as {
    thread: { id: string };
    activePermissionProfile: unknown;
  };
  expect(started.activePermissionProfile).toMatchObject({ id: 'locked' });
  const input = [{ type: 'text', text: 'move', text_elements: [] }];
  await rpc.call('turn/start', { threadId: started.thread.id, permissions: ':workspace', input });
  await ended.promise;
  await codex.stop();
  return started.thread.id;
}
