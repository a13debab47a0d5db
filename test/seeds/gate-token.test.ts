import { describe, expect, it } from 'vitest';
import { readAuth } from '../../src/seeds/auth-file.ts';
import { gateTokenIn, isGateToken, makeGateToken, withGateToken } from '../../src/seeds/gate-token.ts';
import { tokensOf } from '../../src/seeds/renewed-auth.ts';
import { chatgptAuth } from '../support/auth.ts';
import { seedPlace } from '../support/seeds.ts';

/** What a run has in the home of its codex. */
function lentAuth(auth = chatgptAuth()) {
  const token = makeGateToken();
  return { auth, token, lent: withGateToken(auth, token) };
}

describe('a gate token', () => {
  it('stands in the place of the refresh token, where all else is as it was', () => {
    const { auth, token, lent } = lentAuth();
    const [before, after] = [tokensOf(auth), tokensOf(lent)];
    expect(after).toEqual({ ...before, refreshToken: token });
    expect(Object.keys(JSON.parse(lent))).toEqual(Object.keys(JSON.parse(auth)));
    expect([gateTokenIn(lent), gateTokenIn(auth)]).toEqual([token, undefined]);
    expect(isGateToken(before?.refreshToken ?? '')).toBe(false);
  });

  it('is another one each time, and cannot be guessed', () => {
    const tokens = new Set(Array.from({ length: 100 }, makeGateToken));
    expect(tokens.size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^optio-gate-[\w-]{43}$/);
  });

  it.each(['', '{', 'null', '[]', '{"tokens":null}', '{"tokens":{"refresh_token":7}}'])(
    'is not found in %j',
    (text) => {
      expect(gateTokenIn(text)).toBeUndefined();
    },
  );

  it('is never saved as a login', async () => {
    const { seeds } = await seedPlace();
    const { auth, lent } = lentAuth();
    expect(readAuth(lent)).toMatchObject({ isWhole: false, why: expect.stringContaining('opens our gate') });
    await expect(seeds.add({ id: 'work', auth: lent })).rejects.toMatchObject({
      code: 'invalid-input',
      details: { field: 'auth' },
    });
    await seeds.add({ id: 'work', auth });
    await expect(seeds.add({ id: 'work', auth: lent, again: true })).rejects.toMatchObject({ code: 'invalid-input' });
    await using lease = await seeds.lease({ of: { seed: 'work' }, holder: 'test' });
    const files = { 'auth.json': lent };
    await expect(seeds.save(lease, { files, replaces: 1 })).rejects.toMatchObject({ code: 'invalid-input' });
    expect((await seeds.read(lease)).files['auth.json']).toBe(auth);
    expect(await seeds.holderOf(lent)).toBeUndefined();
  });
});
