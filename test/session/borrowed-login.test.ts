import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import type { SeedWish } from '../../src/contract/seed-wish.ts';
import { OptioError, SeedUnavailableError } from '../../src/errors.ts';
import { borrowLogin, type SeedBefore } from '../../src/session/borrowed-login.ts';
import { type CodexTaskConfig, checkConfig } from '../../src/session/config.ts';
import type { LentSeed, Logins } from '../../src/task/logins.ts';
import { makeRun } from '../support/memory-run.ts';

const ACCOUNT = { accountId: 'acct-1', email: 'ada@example.org', plan: 'pro' };
const none = () => new SeedUnavailableError('no login is free in the pool team', null);

function tokens(name: string) {
  return { accessToken: name, chatgptAccountId: 'acct-1', chatgptPlanType: 'pro' };
}

const LENT = { seedId: 'work', account: ACCOUNT, lost: new AbortController().signal, noteLimit: async () => {} };

/** Logins that lend this, or refuse so often, and note what was wished. */
function lender(lent: Partial<LentSeed> = {}, refusals: OptioError[] = []) {
  const wishes: SeedWish[] = [];
  const released: string[] = [];
  const whole = { ...LENT, mode: 'key', apiKey: 'sk-1', release: async () => void released.push('once'), ...lent };
  const logins: Logins = {
    lend: async (wish) => {
      wishes.push(wish);
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      return whole as LentSeed;
    },
    saveLeft: async () => ({ isNew: false, version: 1 }),
    names: async () => [],
    end: async () => {},
  };
  return { logins, wishes, released };
}

async function borrow(lent: ReturnType<typeof lender>, config: Partial<CodexTaskConfig>, before?: SeedBefore) {
  const context = makeRun({ logins: lent.logins });
  const spec: RunSpec = { instructions: 'Do it', workspace: { fresh: true } };
  const login = await borrowLogin(context, checkConfig({ ...spec, ...config }), before);
  const { notices } = await context.history();
  return { login, notices: notices.map(({ message }) => message) };
}

describe('borrowLogin', () => {
  it.each<[string, Partial<CodexTaskConfig>, SeedWish['choices']]>([
    ['a seed', { seedId: 'work' }, [{ seed: 'work' }]],
    ['a pool', { seedPool: 'team' }, [{ pool: 'team' }]],
    [
      'others where it is not free',
      { seedId: 'work', seedFallback: [{ pool: 'team' }, { seed: 'spare' }] },
      [{ seed: 'work' }, { pool: 'team' }, { seed: 'spare' }],
    ],
    ['what a function says', { seedId: () => 'chosen' }, [{ seed: 'chosen' }]],
    [
      'what a function says later',
      { seedId: async (holder, { attempt }) => `${holder}-${attempt}` },
      [{ seed: 'run-1-1' }],
    ],
  ])('wishes for %s', async (_, config, choices) => {
    const lent = lender();
    await borrow(lent, config);
    expect(lent.wishes).toEqual([{ choices, whenNone: 'refuse' }]);
  });

  it('wishes for the file where that is wanted', async () => {
    const lent = lender();
    await borrow(lent, { seedId: 'work', seedMode: 'file' });
    expect(lent.wishes[0]).toMatchObject({ mode: 'file' });
  });

  it('waits for one, and says so, unless it is not to', async () => {
    const lent = lender({}, [none()]);
    const { notices } = await borrow(lent, { seedPool: 'team' });
    expect(lent.wishes.map(({ whenNone }) => whenNone)).toEqual(['refuse', 'wait']);
    expect(notices).toEqual(['waits for a login: no login is free in the pool team']);
    const refusing = lender({}, [none()]);
    await expect(borrow(refusing, { seedPool: 'team', whenNoSeed: 'refuse' })).rejects.toThrow(SeedUnavailableError);
    expect(refusing.wishes).toHaveLength(1);
  });

  it('does not wait over anything else', async () => {
    const dead = lender({}, [new OptioError('login-expired', 'it is dead')]);
    await expect(borrow(dead, { seedId: 'work' })).rejects.toMatchObject({ code: 'login-expired' });
  });

  it('takes the one that its codex has, and no other, whatever a function would say', async () => {
    const lent = lender();
    const before = { id: 'work', isLive: true };
    await borrow(lent, { seedId: () => expect.unreachable('it was asked') }, before);
    expect(lent.wishes).toEqual([{ choices: [{ seed: 'work' }], whenNone: 'refuse', resumes: 'work' }]);
    const gone = lender({}, [none()]);
    await expect(borrow(gone, { seedPool: 'team' }, before)).rejects.toThrow(SeedUnavailableError);
  });

  it('would rather have the one of the attempt before, of a pool', async () => {
    const lent = lender();
    await borrow(lent, { seedPool: 'team' }, { id: 'work', isLive: false });
    expect(lent.wishes[0]?.choices).toEqual([{ seed: 'work' }, { pool: 'team' }]);
  });

  it('hands a key over, and names no secret', async () => {
    const lent = lender();
    const { login } = await borrow(lent, { seedId: 'work' });
    expect(login).toMatchObject({ label: 'API key, seed work', seed: { id: 'work', mode: 'key' } });
    expect(await login.give?.()).toEqual({ type: 'apiKey', apiKey: 'sk-1' });
    await login.release?.();
    expect(lent.released).toEqual(['once']);
  });

  it('hands the settings of the seed over', async () => {
    const settings = { model: 'lent' };
    for (const mode of ['key', 'broker', 'file'] as const) {
      const { login } = await borrow(lender({ mode, settings } as Partial<LentSeed>), { seedId: 'work' });
      expect(login.settings).toEqual(settings);
    }
  });

  it('hands tokens over, and renews the one that was given last', async () => {
    const refused: string[] = [];
    let tell: Parameters<Extract<LentSeed, { mode: 'broker' }>['onRenewed']>[0] = () => {};
    const lent = lender({
      mode: 'broker',
      tokens: async () => tokens('first'),
      renew: async (token) => {
        refused.push(token);
        return tokens(`after ${token}`);
      },
      onRenewed: (listener) => {
        tell = listener;
        return () => {};
      },
    } as Partial<LentSeed>);
    const { login } = await borrow(lent, { seedId: 'work' });
    expect(login.label).toBe('ChatGPT login of ada@example.org, seed work');
    expect(await login.give?.()).toEqual({ type: 'chatgptAuthTokens', ...tokens('first') });
    expect(await login.renew?.()).toEqual(tokens('after first'));
    const told: string[] = [];
    login.onRenewed?.(({ accessToken }) => told.push(accessToken));
    tell(tokens('pushed'));
    await login.renew?.();
    expect([refused, told]).toEqual([['first', 'pushed'], ['pushed']]);
  });

  it('gives codex nothing over its connection where the login lies in its home', async () => {
    const { login } = await borrow(lender({ mode: 'file' } as Partial<LentSeed>), { seedId: 'work' });
    expect([login.give, login.renew]).toEqual([undefined, undefined]);
    expect(login.file).toMatchObject({ seedId: 'work' });
  });
});
