import { describe, expect, it } from 'vitest';
import { authOfKey, isOfAnother, readAuth } from '../../src/seeds/auth-file.ts';
import { chatgptAuth, secretsOf, token } from '../support/auth.ts';

function factsOf(auth: string) {
  const read = readAuth(auth);
  if (!read.isWhole) throw new Error(read.why);
  return read.facts;
}

describe('an auth.json', () => {
  it('of ChatGPT says whose it is and how old, and nothing that lets anybody in', () => {
    const auth = chatgptAuth();
    const facts = factsOf(auth);
    expect(facts).toMatchObject({
      kind: 'chatgpt',
      account: { accountId: 'acct-1', email: 'ada@example.org', plan: 'pro' },
      refreshedAt: '2026-11-22T10:00:00.123Z',
      accessExpiresAt: '2096-10-02T07:06:40.000Z',
    });
    for (const secret of secretsOf(auth)) expect(JSON.stringify(facts)).not.toContain(secret);
  });

  it('with a key is one, whatever Codex writes beside it', () => {
    for (const auth of [authOfKey('sk-1234567890'), '{"OPENAI_API_KEY":"sk-1234567890","tokens":null}']) {
      expect(factsOf(auth)).toMatchObject({ kind: 'apiKey', account: null });
    }
    expect(isOfAnother(factsOf(authOfKey('sk-1234567890')), factsOf(authOfKey('sk-0987654321')))).toBe(true);
  });

  it('that was refreshed is of the same owner, and another login', () => {
    const [before, after] = [factsOf(chatgptAuth()), factsOf(chatgptAuth())];
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(isOfAnother(before, after)).toBe(false);
    for (const other of [chatgptAuth({ account: 'acct-2' }), chatgptAuth({ user: 'user-2' }), authOfKey('sk-123')])
      expect(isOfAnother(before, factsOf(other))).toBe(true);
  });

  it.each([
    ['half of one', chatgptAuth().slice(0, 300), 'no JSON'],
    ['nothing', '', 'no JSON'],
    ['no object', '[]', 'no login'],
    ['null', 'null', 'no login'],
    ['of somebody who is logged out', '{"OPENAI_API_KEY":null,"tokens":null}', 'nobody is logged in'],
    ['empty', '{}', 'nobody is logged in'],
    ['with an empty key', '{"OPENAI_API_KEY":""}', 'OPENAI_API_KEY'],
    ['without a refresh token', '{"tokens":{"access_token":"secret"}}', 'tokens.refresh_token'],
    ['with an empty token', '{"tokens":{"access_token":"secret","refresh_token":""}}', 'tokens.refresh_token'],
    [
      'with an access token that is none',
      '{"tokens":{"access_token":7,"refresh_token":"secret"}}',
      'tokens.access_token',
    ],
  ])('is not whole when it is %s, and nothing of it is told', (_, auth, why) => {
    const read = readAuth(auth);
    expect(read).toMatchObject({ isWhole: false, why: expect.stringContaining(why) });
    expect(JSON.stringify(read)).not.toContain('secret');
  });

  it('is read also where its tokens say nothing, or anything', () => {
    const tokens = { access_token: 'opaque', refresh_token: 'rt', account_id: 'acct-1' };
    expect(factsOf(JSON.stringify({ tokens }))).toMatchObject({
      account: { accountId: 'acct-1', email: null, plan: null },
      refreshedAt: null,
      accessExpiresAt: null,
    });
    const odd = token({ exp: 1e300, email: 'a\nb', 'https://api.openai.com/auth': 'none' });
    const auth = JSON.stringify({ tokens: { ...tokens, access_token: odd, id_token: odd }, last_refresh: 'soon' });
    expect(factsOf(auth)).toMatchObject({ account: { email: null }, refreshedAt: null, accessExpiresAt: null });
  });
});
