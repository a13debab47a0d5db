import { describe, expect, it } from 'vitest';
import type { SeedLogin } from '../../../src/contract/seed-login.ts';
import { followLogin, loginsToTell, webAddress } from '../../../web/src/seeds/logins.ts';

const login = (change: Partial<SeedLogin> = {}): SeedLogin => ({
  id: 'one',
  seed: 'work',
  pool: null,
  method: 'deviceCode',
  state: 'waiting',
  url: 'https://auth.openai.com/codex/device',
  userCode: 'ABCD-EFGHI',
  startedAt: '2026-11-24T12:00:00.000Z',
  expiresAt: '2026-11-24T12:15:00.000Z',
  error: null,
  keptIn: null,
  ...change,
});

describe('what the page tells of logins', () => {
  const told = (logins: readonly SeedLogin[], putAway: readonly string[] = []) =>
    loginsToTell(logins, new Set(putAway)).map(({ id }) => id);

  it('tells of those under way, the newest first, and of none that went as it should', () => {
    const logins = [
      login({ id: 'old' }),
      login({ id: 'new', seed: 'other', startedAt: '2026-11-24T12:05:00.000Z' }),
      login({ id: 'done', seed: 'third', state: 'done' }),
      login({ id: 'cancelled', seed: 'fourth', state: 'cancelled' }),
    ];
    expect(told(logins)).toEqual(['new', 'old']);
  });

  it('tells of what has failed until somebody puts it away, or begins anew', () => {
    const failed = login({ id: 'failed', state: 'failed' });
    const expired = login({ id: 'expired', seed: 'other', state: 'expired' });
    expect(told([failed, expired])).toEqual(['failed', 'expired']);
    expect(told([failed, expired], ['expired'])).toEqual(['failed']);
    const anew = login({ id: 'anew', startedAt: '2026-11-24T12:20:00.000Z' });
    expect(told([failed, expired, anew])).toEqual(['anew', 'expired']);
    expect(told([failed, { ...anew, state: 'done' }])).toEqual([]);
  });
});

describe('a login that is followed', () => {
  /** A server that answers these, one after the other, and keeps what it was asked. */
  const serverOf = (...answers: readonly SeedLogin[]) => {
    const asked: (SeedLogin['state'] | undefined)[] = [];
    const seedLogin = async (_: string, { seen }: { seen?: SeedLogin['state'] } = {}) => {
      asked.push(seen);
      const answer = answers[asked.length - 1];
      if (!answer) throw new Error('it was asked once too often');
      return answer;
    };
    return { asked, seedLogin };
  };

  it('is asked for with what was seen of it, until it is over', async () => {
    const states = ['starting', 'waiting', 'waiting', 'saving', 'done'] as const;
    const server = serverOf(...states.map((state) => login({ state })));
    const shown: string[] = [];
    const { signal } = new AbortController();
    await followLogin(server, 'one', { signal, onChange: ({ state }) => shown.push(state) });
    expect(shown).toEqual(states);
    expect(server.asked).toEqual([undefined, 'starting', 'waiting', 'waiting', 'saving']);
  });

  it('is not told of to anybody who is gone', async () => {
    const away = new AbortController();
    const server = serverOf(login({ state: 'starting' }), login());
    const shown: string[] = [];
    const onChange = ({ state }: SeedLogin) => {
      shown.push(state);
      away.abort();
    };
    await followLogin(server, 'one', { signal: away.signal, onChange });
    expect([shown, server.asked.length]).toEqual([['starting'], 1]);
  });
});

it('makes a link of an address of the web, and of nothing else', () => {
  expect(webAddress('https://auth.openai.com/codex/device')).toBe('https://auth.openai.com/codex/device');
  for (const url of ['javascript:alert(1)', 'data:text/html,x', 'no address', '', null])
    expect(webAddress(url)).toBeNull();
});
