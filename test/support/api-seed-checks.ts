import { expect } from 'vitest';
import type { VerifySeed } from '../../src/contract/seed.ts';
import type { ErrorCode } from '../../src/errors.ts';
import type { ApiCheck } from './api-checks.ts';
import { chatgptAuth, secretsOf } from './auth.ts';
import { failureOf } from './failure.ts';

/** What has to be so of every OptioApi where it deals with saved logins. */
export const API_SEED_CHECKS: Readonly<Record<string, ApiCheck>> = {
  async 'saves logins, and gives none of them out'({ api }) {
    const auth = chatgptAuth();
    const seed = await api.addSeed({ id: 'work', pool: 'team', auth });
    expect(seed).toMatchObject({ id: 'work', pool: 'team', version: 1, account: { email: 'ada@example.org' } });
    expect(await api.addSeed({ id: 'work', pool: 'team', auth })).toEqual(seed);
    expect(await api.listSeeds()).toEqual([seed]);
    for (const secret of secretsOf(auth)) expect(JSON.stringify(seed)).not.toContain(secret);
    const refusals: [() => Promise<unknown>, ErrorCode][] = [
      [() => api.addSeed({ id: 'work', apiKey: 'sk-1234567890' }), 'invalid-input'],
      [() => api.addSeed({ id: 'again', auth }), 'invalid-input'],
      [() => api.addSeed({ id: '../up', auth: chatgptAuth() }), 'invalid-input'],
      [() => api.addSeed({ id: 'other', auth: auth.slice(0, 200) }), 'invalid-input'],
      [() => api.addSeed({ id: 'other', auth, apiKey: 'sk-1234567890' }), 'invalid-input'],
      [() => api.undoSeed('work'), 'invalid-input'],
      [() => api.undoSeed('nobody'), 'not-found'],
      [() => api.removeSeed('nobody'), 'not-found'],
      [() => api.seedConfig('nobody'), 'not-found'],
      [() => api.setSeedConfig('nobody', { config: '' }), 'not-found'],
      [() => api.setSeedConfig('work', { config: 'model =' }), 'invalid-input'],
      [() => api.setSeedConfig('work', { config: 'x'.repeat(65_537) }), 'invalid-input'],
      [() => api.verifySeed('nobody'), 'not-found'],
      [() => api.verifySeed('work', { refresh: 'sometimes' } as unknown as VerifySeed), 'invalid-input'],
    ];
    for (const [refused, code] of refusals) {
      const error = await failureOf(refused());
      expect(error).toMatchObject({ code, remedy: expect.any(String) });
      for (const secret of secretsOf(auth)) expect(JSON.stringify(error.details) + error.message).not.toContain(secret);
    }
    await api.removeSeed('work');
    expect(await api.listSeeds()).toEqual([]);
  },

  async 'gives a seed another login of the same account, and of no other'({ api }) {
    await api.addSeed({ id: 'work', pool: 'team', auth: chatgptAuth() });
    await api.addSeed({ id: 'key', apiKey: 'sk-1234567890' });
    const next = { id: 'work', auth: chatgptAuth(), again: true };
    expect(await api.addSeed(next)).toMatchObject({ version: 2, pool: 'team', state: 'unknown', lease: null });
    expect(await api.addSeed(next)).toMatchObject({ version: 2 });
    expect(await api.addSeed({ id: 'key', apiKey: 'sk-0987654321', again: true })).toMatchObject({ version: 2 });
    const config = 'model = "gpt-5.5"';
    expect(await api.addSeed({ ...next, config })).toMatchObject({ version: 3, state: 'unknown' });
    expect(await api.addSeed({ ...next, config })).toMatchObject({ version: 3 });
    const refusals: [() => Promise<unknown>, ErrorCode][] = [
      [() => api.addSeed({ ...next, auth: chatgptAuth({ user: 'user-2' }) }), 'invalid-input'],
      [() => api.addSeed({ ...next, auth: chatgptAuth(), pool: 'other' }), 'invalid-input'],
      [() => api.addSeed({ id: 'work', apiKey: 'sk-1234567890', again: true }), 'invalid-input'],
      [() => api.addSeed({ ...next, id: 'nobody', auth: chatgptAuth() }), 'not-found'],
    ];
    for (const [refused, code] of refusals) expect(await failureOf(refused())).toMatchObject({ code });
    expect((await api.listSeeds()).map(({ id, version }) => [id, version])).toEqual([
      ['key', 2],
      ['work', 3],
    ]);
  },

  async 'gives a seed other settings, and tells what of a config.toml it has taken over'({ api }) {
    const config = 'model = "gpt-5.5"\n';
    await api.addSeed({ id: 'work', auth: chatgptAuth() });
    expect(await api.seedConfig('work')).toEqual({ version: 1, settings: {}, config: '' });
    const saved = { version: 2, settings: { model: 'gpt-5.5' }, config };
    const given = { config: `${config}notify = ["sh"]\n` };
    expect(await api.setSeedConfig('work', given)).toEqual({ ...saved, dropped: ['notify'] });
    expect(await api.setSeedConfig('work', given)).toEqual({ ...saved, dropped: ['notify'] });
    expect(await api.seedConfig('work')).toEqual(saved);
    expect(await api.setSeedConfig('work', { config: '' })).toMatchObject({ version: 3, settings: {} });
    expect(await api.listSeeds()).toMatchObject([{ id: 'work', version: 3, lease: null }]);
  },

  async 'lets nobody log in where that could come to nothing'({ api }) {
    await api.addSeed({ id: 'work', pool: 'team', auth: chatgptAuth() });
    await api.addSeed({ id: 'key', apiKey: 'sk-1234567890' });
    const refusals: [() => Promise<unknown>, ErrorCode][] = [
      [() => api.startSeedLogin({ id: 'work' }), 'invalid-input'],
      [() => api.startSeedLogin({ id: 'work', pool: 'other', again: true }), 'invalid-input'],
      [() => api.startSeedLogin({ id: 'key', again: true }), 'invalid-input'],
      [() => api.startSeedLogin({ id: '../up' }), 'invalid-input'],
      [() => api.startSeedLogin({ id: 'other', config: 'x'.repeat(65_537) }), 'invalid-input'],
      [() => api.startSeedLogin({ id: 'nobody', again: true }), 'not-found'],
      [() => api.seedLogin('login-1', { seen: 'waiting' }), 'not-found'],
      [() => api.cancelSeedLogin('login-1'), 'not-found'],
    ];
    for (const [refused, code] of refusals) expect(await failureOf(refused())).toMatchObject({ code });
    expect(await api.seedLogins()).toEqual([]);
  },
};
