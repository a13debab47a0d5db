import { describe, expect, it } from 'vitest';
import { BINARIES, NEWEST, OLDEST, startCodex, startConversation } from '../../support/codex.ts';
import { filesWith } from '../../support/search.ts';

describe.each(BINARIES)('the handshake with codex $version', (binary) => {
  it('opens a thread and tells who answered, which models there are, and which one is used', async () => {
    const { conversation } = await startConversation({ binary });
    expect(conversation.serverInfo?.version).toBe(binary.version);
    expect(conversation.threadId).toMatch(/^[0-9a-f-]{36}$/);
    expect(conversation.currentModelId).toBe('scripted');
    expect(conversation.modelList.data.length).toBeGreaterThan(1);
    expect(conversation.account).toMatchObject({ account: null, requiresOpenaiAuth: false });
    expect(conversation.currentTurnId).toBeNull();
  });

  it('ends with `codex-config-rejected` when codex would go on without its config.toml', async () => {
    const { conversation, reader } = await startCodex({ binary, config: { approval_policy: 17 } });
    await expect(conversation.bootstrap()).rejects.toMatchObject({ code: 'codex-config-rejected' });
    await reader;
    expect(conversation.closed).toBe(true);
  });

  it('hands a key over by the login call: the provider gets it, and no file has it', async () => {
    const apiKey = 'sk-canary-of-the-handshake';
    const { conversation, model, home, codex } = await startConversation({
      binary,
      config: { cli_auth_credentials_store: 'ephemeral' },
      provider: { requires_openai_auth: true, supports_websockets: false },
      conversation: { login: { type: 'apiKey', apiKey } },
    });
    await (await conversation.send('!say hello')).completed;
    expect(model.requests[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
    await codex.stop();
    expect(await filesWith(home, apiKey)).toEqual([]);
  });

  it('warns when a provider wants a login and there is none', async () => {
    const provider = { requires_openai_auth: true, supports_websockets: false };
    const { conversation, event } = await startConversation({ binary, provider });
    expect(conversation.account?.account).toBeNull();
    await event((told) => 'type' in told && told.type === 'x-optio-warning' && told.message.includes('not logged in'));
  });

  it('opts out of nothing and introduces itself by its own name', async () => {
    const { conversation, model } = await startConversation({ binary });
    await (await conversation.send('!say hello')).completed;
    const { headers } = model.requests[0] ?? {};
    expect(headers).toMatchObject({ originator: 'optio_codex', 'user-agent': expect.stringMatching(/^optio_codex\//) });
  });

  it('gives the words of codex when a thread cannot be resumed', async () => {
    const resumeThreadId = '01a202b8-c7aa-7bc1-b75f-8622390fdd09';
    const { conversation } = await startCodex({ binary, conversation: { resumeThreadId } });
    await expect(conversation.bootstrap()).rejects.toMatchObject({
      code: 'call-failed',
      message: expect.stringContaining('no rollout found'),
    });
  });

  it('resumes a thread in a new process, with the approval policy of the conversation', async () => {
    const first = await startConversation({ binary });
    await (await first.conversation.send('!say remember me')).completed;
    await first.codex.stop();
    await first.reader;
    const resumeThreadId = first.conversation.threadId ?? '';
    const again = await startConversation({
      binary,
      from: first,
      conversation: { resumeThreadId, permissionGate: true },
    });
    expect(again.conversation.threadId).toBe(resumeThreadId);
    const asked: string[] = [];
    again.conversation.onPermissionRequest(({ toolName }) => {
      asked.push(toolName);
      return { behavior: 'deny' };
    });
    await (await again.conversation.send('!escalate touch nowhere')).completed;
    expect(asked).toEqual(['touch nowhere']);
  });
});

describe('what only one of the two versions does', () => {
  it('refuses the policy "on-failure" with its remedy where codex does not know it any more', async () => {
    const options = { permissionGate: true, approvalPolicy: 'on-failure' } as const;
    const { conversation } = await startCodex({ binary: NEWEST, conversation: options });
    await expect(conversation.bootstrap()).rejects.toMatchObject({
      code: 'invalid-config',
      remedy: expect.stringContaining('on-request'),
    });
  });

  it('takes the policy "on-failure" where codex knows it', async () => {
    const options = { permissionGate: true, approvalPolicy: 'on-failure' } as const;
    const { conversation } = await startConversation({ binary: OLDEST, conversation: options });
    expect(conversation.threadId).not.toBeNull();
  });

  it('is refused a thread that another process writes (0.169)', async () => {
    const first = await startConversation({ binary: NEWEST });
    await (await first.conversation.send('!say mine')).completed;
    const resumeThreadId = first.conversation.threadId ?? '';
    const second = await startCodex({ binary: NEWEST, from: first, conversation: { resumeThreadId } });
    await expect(second.conversation.bootstrap()).rejects.toMatchObject({
      message: expect.stringContaining('active writer'),
    });
  });
});
