import { describe, expect, it } from 'vitest';
import { type CodexConversationOptions, checkOptions } from '../../src/codex/conversation-options.ts';

const check = (options: Partial<CodexConversationOptions> = {}) => checkOptions({ cwd: '/repo', ...options });

describe('checkOptions', () => {
  it('has defaults for everything but the directory', () => {
    expect(check()).toEqual({
      cwd: '/repo',
      agentLabel: 'optio-codex',
      permissionGate: false,
      experimentalApi: false,
      rawEvents: false,
      approvalPolicy: 'never',
      sandbox: 'workspace-write',
      callDeadlineMs: 60_000,
      retryDeadlineMs: 300_000,
      heartbeat: { everyMs: 10_000, patienceMs: 600_000 },
    });
  });

  it('asks on request with a gate, or as told', () => {
    expect(check({ permissionGate: true }).approvalPolicy).toBe('on-request');
    expect(check({ permissionGate: true, approvalPolicy: 'untrusted' }).approvalPolicy).toBe('untrusted');
    expect(check({ permissionGate: true, approvalPolicy: 'never' }).approvalPolicy).toBe('never');
  });

  it('takes the policy "never" without a gate', () => {
    expect(check({ approvalPolicy: 'never' }).approvalPolicy).toBe('never');
  });

  it('sends no sandbox when told null', () => {
    expect(check({ sandbox: null }).sandbox).toBeNull();
  });

  it('takes deadlines', () => {
    expect(check({ deadlines: { callMs: 1, retryMs: 2, pingMs: 3, answerMs: 4 } })).toMatchObject({
      callDeadlineMs: 1,
      retryDeadlineMs: 2,
      heartbeat: { everyMs: 3, patienceMs: 4 },
    });
  });

  it('takes what needs an experimental client from one', () => {
    const login = { type: 'chatgptAuthTokens', accessToken: 'a', chatgptAccountId: 'b' } as const;
    const options = { experimentalApi: true, rawEvents: true, expectProfile: 'locked', sandbox: null, login };
    expect(check(options)).toMatchObject(options);
  });

  const chatgpt = { type: 'chatgptAuthTokens', accessToken: 'secret', chatgptAccountId: 'b' } as const;
  it.each<[string, Partial<CodexConversationOptions>]>([
    ['cwd', { cwd: 'work' }],
    ['cwd', { cwd: '' }],
    ['approvalPolicy', { permissionGate: true, approvalPolicy: 'always' as never }],
    ['approvalPolicy', { approvalPolicy: 'on-request' }],
    ['expectProfile', { expectProfile: 'locked', experimentalApi: true }],
    ['expectProfile', { expectProfile: 'locked', sandbox: null }],
    ['rawEvents', { rawEvents: true }],
    ['login', { login: chatgpt }],
    ['deadlines.callMs', { deadlines: { callMs: 3_000_000_000 } }],
    ['deadlines.retryMs', { deadlines: { retryMs: 2 ** 31 } }],
    ['deadlines.pingMs', { deadlines: { pingMs: 0 } }],
    ['deadlines.answerMs', { deadlines: { answerMs: Number.NaN } }],
    ['deadlines', { deadlines: { idleMs: 1 } as never }],
  ])('refuses a wrong %s with the field and its remedy: %j', (field, options) => {
    expect(() => check(options)).toThrow(
      expect.objectContaining({
        code: 'invalid-config',
        message: expect.not.stringContaining('secret'),
        details: { field, remedy: expect.stringMatching(/\.$/) },
      }),
    );
  });
});
