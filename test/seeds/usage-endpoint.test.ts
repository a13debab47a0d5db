import { describe, expect, it, onTestFinished } from 'vitest';
import { openEgress } from '../../src/seeds/egress.ts';
import { readUsage } from '../../src/seeds/usage-endpoint.ts';
import { type Fault, refusal, silence } from '../fakes/identity/faults.ts';
import { type StartedIdentity, startIdentity } from '../support/identity.ts';
import { holdsText } from '../support/search.ts';

/** The usage of a new login, whose request meets a fault. */
async function usageMeeting(fault?: Fault, deadlineMs?: number) {
  const started = await startIdentity();
  const login = started.identity.login();
  if (fault) started.identity.faults.next('usage', fault);
  return { ...started, login, result: await ask(started, login.accessToken, login.account.id, deadlineMs) };
}

async function ask({ env }: StartedIdentity, accessToken: string, accountId: string, deadlineMs?: number) {
  const egress = openEgress(env);
  onTestFinished(() => egress.close());
  return readUsage({ accessToken, accountId, fetch: egress.fetch, ...(deadlineMs && { deadlineMs }) });
}

const answering = (body: unknown): Fault => ({ kind: 'status', status: 200, body });

describe('the usage of an account', () => {
  it('has plan, account and windows', async () => {
    const { result, login, identity } = await usageMeeting();
    const { usage, id, email, plan } = login.account;
    expect(result).toEqual({
      kind: 'read',
      usage: {
        plan,
        email,
        accountId: id,
        isAllowed: true,
        windows: [
          { limit: 'codex', name: 'primary', usedPercent: 12, minutes: 300, resetsAt: usage.primaryResetsAt * 1000 },
          {
            limit: 'codex',
            name: 'secondary',
            usedPercent: 34,
            minutes: 10_080,
            resetsAt: usage.secondaryResetsAt * 1000,
          },
        ],
      },
    });
    expect(identity.at('usage')[0]).toMatchObject({
      host: 'chatgpt.com',
      path: '/backend-api/wham/usage',
      accountId: id,
    });
  });

  it('tells when nothing more is allowed', async () => {
    const started = await startIdentity();
    const account = started.identity.addAccount({ plan: 'plus', usage: { isExhausted: true, primaryPercent: 100 } });
    const { accessToken } = started.identity.login(account);
    const result = await ask(started, accessToken, account.id);
    expect(result).toMatchObject({ kind: 'read', usage: { plan: 'plus', isAllowed: false } });
  });

  it('takes what it knows of an answer of tomorrow', async () => {
    const window = { used_percent: 5, limit_window_seconds: 'a while', reset_at: null, reset_after_seconds: 60 };
    const further = [
      { metered_feature: 'spark', limit_name: 'Spark', rate_limit: { primary_window: { used_percent: 9 } } },
      { limit_name: 'Other', rate_limit: null },
      'something else',
    ];
    const rate_limit = { allowed: 'maybe', primary_window: window, secondary_window: 'none', tertiary_window: {} };
    const body = { plan_type: 'galactic', rate_limit, additional_rate_limits: further, email: 7 };
    const { result } = await usageMeeting(answering(body));
    if (result.kind !== 'read') throw new Error(JSON.stringify(result));
    const [first, ...others] = result.usage.windows;
    expect(result.usage).toMatchObject({ plan: 'galactic', email: null, accountId: null, isAllowed: null });
    expect(first).toMatchObject({ limit: 'codex', name: 'primary', usedPercent: 5, minutes: null });
    expect(first?.resetsAt).toBeGreaterThan(Date.now());
    expect(others).toEqual([{ limit: 'spark', name: 'primary', usedPercent: 9, minutes: null, resetsAt: null }]);
  });

  it('is not told to a token that is over or refused, or is of another account; that is no word on the login', async () => {
    const started = await startIdentity();
    const { identity } = started;
    const [login, other] = [identity.login(), identity.login()];
    expect(await ask(started, login.accessToken, other.account.id)).toEqual({
      kind: 'refused',
      status: 403,
      detail: 'HTTP 403',
    });
    identity.lineages.refuseAccess(login.accessToken);
    expect(await ask(started, login.accessToken, login.account.id)).toEqual({
      kind: 'refused',
      status: 401,
      detail: 'HTTP 401',
    });
    identity.lineages.accessTokenSeconds = -1;
    const over = identity.login();
    expect(await ask(started, over.accessToken, over.account.id)).toEqual({
      kind: 'refused',
      status: 401,
      detail: 'HTTP 401',
    });
  });

  it.each([
    ['429', refusal(429, 'slow_down', { 'retry-after': '3' }), { why: 'rate-limited', retryAfterMs: 3_000 }],
    ['500', refusal(500, 'oops'), { why: 'provider-error' }],
    ['404', refusal(404, 'gone'), { why: 'unexpected' }],
    ['a lost answer', { kind: 'cut', when: 'after' }, { why: 'cut-off' }],
    ['half an answer', { kind: 'cut', when: 'halfway' }, { why: 'cut-off' }],
    ['something that is no JSON', { kind: 'malformed' }, { why: 'malformed' }],
    ['JSON of another kind', answering(['usage']), { why: 'malformed' }],
    ['an answer without usage', answering({ hello: 'world' }), { why: 'malformed' }],
  ] as const)('is unknown after %s', async (_, fault, expected) => {
    const { result, identity } = await usageMeeting(fault as Fault);
    expect(result).toMatchObject({ kind: 'unknown', ...expected });
    const leaked = [...identity.ledger.secrets].filter((secret) => holdsText(JSON.stringify(result), secret));
    expect(leaked).toEqual([]);
  });

  it('is unknown when no answer comes', async () => {
    const { result } = await usageMeeting(silence('after'), 300);
    expect(result).toMatchObject({ kind: 'unknown', why: 'timeout' });
  });
});
