import { describe, expect, it } from 'vitest';
import { LoginLinks } from '../../src/server/login-links.ts';
import { openServer } from '../support/server.ts';

const HOUR_MS = 3_600_000;

describe('a link into the page', () => {
  it('lets one browser in, once, as the token with which it was made', async () => {
    const { ask } = await openServer();
    const made = await ask('/api/links', { method: 'POST', token: 'operator-token' });
    expect(made).toMatchObject({ status: 201, json: { code: expect.stringMatching(/^[\w-]{32}$/) } });
    const body = { code: made.json.code };
    const inside = await ask('/api/session', { method: 'POST', token: null, body });
    expect(inside).toMatchObject({ status: 201, json: { caller: { name: 'operator', role: 'operator' } } });
    expect(inside.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict/);
    const again = await ask('/api/session', { method: 'POST', token: null, body });
    expect(again).toMatchObject({ status: 401, json: { code: 'unauthorized' } });
  });

  it('is made by nobody who is not let in, and with no session', async () => {
    const { ask } = await openServer();
    expect(await ask('/api/links', { method: 'POST', token: null })).toMatchObject({ status: 401 });
    const inside = await ask('/api/session', { method: 'POST', token: null, body: { token: 'viewer-token' } });
    const headers = { Cookie: inside.headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
    const made = await ask('/api/links', { method: 'POST', token: null, headers });
    expect(made).toMatchObject({
      status: 400,
      json: { code: 'invalid-input', remedy: expect.stringContaining('Bearer') },
    });
  });

  it('holds for an hour', () => {
    let now = 0;
    const links = new LoginLinks(() => now);
    const [first, second] = [links.make('secret').code, links.make('secret').code];
    now = HOUR_MS;
    expect(links.take(first)).toBe('secret');
    now = HOUR_MS + 1;
    expect(links.take(second)).toBeUndefined();
    expect(links.take('nonsense')).toBeUndefined();
  });

  it('is the address of the page, where that has one', () => {
    const links = new LoginLinks();
    expect(links.make('secret').url).toBeNull();
    links.address = 'http://127.0.0.1:7420/codex';
    const { code, url } = links.make('secret');
    expect(url).toBe(`http://127.0.0.1:7420/codex/#login=${code}`);
  });

  it('does not hold for ever because others are made: the oldest goes', () => {
    const links = new LoginLinks();
    const codes = Array.from({ length: 101 }, (_, index) => links.make(`secret ${index}`).code);
    expect(links.take(codes[0] ?? '')).toBeUndefined();
    expect(links.take(codes[1] ?? '')).toBe('secret 1');
  });
});
