import { afterEach, describe, expect, it, vi } from 'vitest';
import { CodexClient } from '../../src/codex/client.ts';
import { type CodexConversationOptions, checkOptions } from '../../src/codex/conversation-options.ts';
import { checkProfile, resumeParams, shakeHands } from '../../src/codex/handshake.ts';
import { connectToPeer, type SentMessage } from '../support/peer.ts';

const settings = (options: Partial<CodexConversationOptions> = {}) => checkOptions({ cwd: '/repo', ...options });
const RESULTS: Readonly<Record<string, unknown>> = {
  initialize: { userAgent: 'optio_codex/0.169.0 (test)' },
  'account/read': { account: null, requiresOpenaiAuth: false },
  'model/list': { data: [{ id: 'm' }] },
  'thread/start': { thread: { id: 'new' }, activePermissionProfile: { id: 'locked' } },
  'thread/resume': { thread: { id: 'old' }, activePermissionProfile: { id: 'locked' } },
};
/** What a call is answered with that gets no answer. */
const NEVER = Symbol('never');

afterEach(() => void vi.useRealTimers());

function shake(options: Partial<CodexConversationOptions> = {}, results: Readonly<Record<string, unknown>> = {}) {
  const answer = ({ method = '' }: SentMessage) => {
    const result = { ...RESULTS, ...results }[method];
    if (result === NEVER) return undefined;
    return result instanceof Error ? { error: { code: -32600, message: result.message } } : { result: result ?? {} };
  };
  const { connection, sent } = connectToPeer(answer);
  const paramsOf = (method: string) => sent.find((message) => message.method === method)?.params;
  return { handshake: shakeHands(new CodexClient(connection), settings(options)), sent, paramsOf };
}

describe('shakeHands', () => {
  it('introduces us, asks in one order, and gives what it was told', async () => {
    const { handshake, sent, paramsOf } = shake({ agentLabel: 'A label' });
    await expect(handshake).resolves.toMatchObject({
      version: '0.169.0',
      account: { requiresOpenaiAuth: false },
      models: [{ id: 'm' }],
      thread: { thread: { id: 'new' } },
    });
    const methods = sent.map(({ method }) => method);
    expect(methods).toEqual(['initialize', 'initialized', 'account/read', 'model/list', 'thread/start']);
    expect(paramsOf('initialize')).toMatchObject({
      clientInfo: { name: 'optio_codex', title: 'A label' },
      capabilities: { experimentalApi: false },
    });
  });

  it('starts a thread with what was asked for, and sends nothing else', async () => {
    const plain = shake();
    await plain.handshake;
    expect(plain.paramsOf('thread/start')).toEqual({
      cwd: '/repo',
      approvalPolicy: 'never',
      sandbox: 'workspace-write',
    });
    const full = shake({
      sandbox: null,
      model: 'm',
      developerInstructions: 'i',
      rawEvents: true,
      experimentalApi: true,
    });
    await full.handshake;
    expect(full.paramsOf('thread/start')).toEqual({
      cwd: '/repo',
      approvalPolicy: 'never',
      model: 'm',
      developerInstructions: 'i',
      experimentalRawEvents: true,
    });
  });

  it('resumes a thread without a directory, or the stored one would be lost', async () => {
    const { handshake, paramsOf } = shake({ resumeThreadId: 'old' });
    await expect(handshake).resolves.toMatchObject({ thread: { thread: { id: 'old' } } });
    expect(paramsOf('thread/start')).toBeUndefined();
    expect(paramsOf('thread/resume')).not.toHaveProperty('cwd');
  });

  it('logs in before anything else is asked', async () => {
    const { handshake, sent } = shake({ login: { type: 'apiKey', apiKey: 'k' } });
    await handshake;
    expect(sent[2]).toMatchObject({ method: 'account/login/start', params: { type: 'apiKey', apiKey: 'k' } });
  });

  it('does without the account and the models', async () => {
    const { handshake } = shake({}, { 'account/read': new Error('no'), 'model/list': new Error('no') });
    await expect(handshake).resolves.toMatchObject({ account: null, models: [] });
  });

  it('does without them too when they are never told, and waits for five seconds only', async () => {
    vi.useFakeTimers();
    const { handshake, paramsOf } = shake({}, { 'account/read': NEVER, 'model/list': NEVER });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(paramsOf('thread/start')).toBeDefined();
    await expect(Promise.race([handshake, 'still waiting'])).resolves.toMatchObject({ account: null, models: [] });
  });

  it('gives the words of Codex when it refuses the thread', async () => {
    const { handshake } = shake({}, { 'thread/start': new Error('not today') });
    await expect(handshake).rejects.toMatchObject({
      code: 'call-failed',
      message: expect.stringContaining('not today'),
    });
  });

  it('refuses "on-failure" by its version, before there is a thread', async () => {
    const gate = { permissionGate: true, approvalPolicy: 'on-failure' } as const;
    const { handshake, paramsOf } = shake(gate);
    await expect(handshake).rejects.toMatchObject({ code: 'invalid-config', details: { field: 'approvalPolicy' } });
    expect(paramsOf('thread/start')).toBeUndefined();
    const older = shake(gate, { initialize: { userAgent: 'optio_codex/0.142.5 (test)' } });
    await expect(older.handshake).resolves.toMatchObject({ version: '0.142.5' });
  });

  it.each([{ id: 'open' }, null, undefined])(
    'refuses a thread under the profile %j',
    async (activePermissionProfile) => {
      const { handshake } = shake(
        { expectProfile: 'locked', sandbox: null, experimentalApi: true },
        { 'thread/start': { thread: { id: 'new' }, activePermissionProfile } },
      );
      await expect(handshake).rejects.toMatchObject({ code: 'sandbox-changed' });
    },
  );
});

describe('resumeParams', () => {
  it('names the profile, so that a thread that was moved comes back to it', () => {
    const options = settings({ expectProfile: 'locked', sandbox: null, experimentalApi: true });
    expect(resumeParams('t', options)).toEqual({ threadId: 't', approvalPolicy: 'never', permissions: 'locked' });
  });
});

describe('checkProfile', () => {
  it('takes any profile when none is expected, and else only that one', () => {
    checkProfile(undefined, 'open');
    checkProfile('locked', 'locked');
    expect(() => checkProfile('locked', undefined)).toThrow('the permission profile is "none" and not "locked"');
  });
});
