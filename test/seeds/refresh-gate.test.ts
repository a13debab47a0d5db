import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RefreshGate } from '../../src/seeds/refresh-gate.ts';
import { tokensOf } from '../../src/seeds/renewed-auth.ts';
import { isSettled } from '../support/broker.ts';
import { askAt, gatePlace, storedPort } from '../support/gate.ts';
import { noOtherUser } from '../support/other-user.ts';
import { NOBODY, skipFor } from '../support/privileges.ts';
import { refuse } from '../support/scripted-provider.ts';

/** How long an access token lives where a test sees it end. */
const LIFE_MS = 400_000;

describe('the gate', () => {
  it('renews a login for a codex that has no refresh token, which gets none, once it is saved', async () => {
    const { visitor, loan, seeds, provider } = await gatePlace();
    const before = tokensOf(loan.auth);
    const { status, body } = await visitor.renew();
    const after = tokensOf(loan.auth);
    expect([status, body]).toEqual([200, { access_token: after?.accessToken, id_token: after?.idToken }]);
    expect(after?.accessToken).not.toBe(before?.accessToken);
    expect(provider.refreshed).toEqual([before?.refreshToken]);
    expect(await seeds.find('work')).toMatchObject({ version: 2, state: 'healthy' });
  });

  it('renews it once for all who ask at a time, and for one that asks again since it has heard nothing', async () => {
    const { visitor, provider } = await gatePlace();
    const answers = await Promise.all([visitor.ask(), visitor.ask()]);
    const again = await visitor.ask();
    const given = new Set([...answers, again].map(({ body }) => body.access_token));
    expect([given.size, provider.refreshed.length]).toEqual([1, 1]);
    expect(visitor.held).not.toBe(again.body.access_token);
  });

  it('renews one that ends soon, and sends a codex on with one that is good for a while yet', async () => {
    const { visitor, provider, clock } = await gatePlace(LIFE_MS);
    expect((await visitor.ask('proactive_expiry')).status).toBe(503);
    expect(provider.refreshed).toHaveLength(0);
    await clock.pass(LIFE_MS * 0.75);
    expect((await visitor.renew('proactive_expiry')).status).toBe(200);
    expect((await visitor.ask('proactive_expiry')).status, 'or it would ask without end').toBe(503);
    expect(provider.refreshed).toHaveLength(1);
  });

  it('says what the provider has refused by name, notes it, and asks it no more', async () => {
    const { visitor, seeds, provider } = await gatePlace();
    provider.next.push(() => refuse(400, 'invalid_grant'));
    for (let time = 0; time < 2; time++) {
      expect(await visitor.ask()).toMatchObject({ status: 401, body: { error: { code: 'invalid_grant' } } });
    }
    expect(provider.refreshed).toHaveLength(1);
    expect(await seeds.find('work')).toMatchObject({ state: 'dead' });
  });

  it.each([
    [429, 'rate_limited', 503],
    [500, 'server_error', 503],
    [401, 'invalid_client', 401],
  ])('answers a codex whose token is refused, where the provider says %s %s, with %s', async (status, code, told) => {
    const { visitor, seeds, provider, clock } = await gatePlace();
    provider.next.push(() => refuse(status, code));
    expect((await visitor.ask()).status).toBe(told);
    expect((await visitor.ask('proactive_expiry')).status, 'it may have one that is good').toBe(503);
    expect(provider.refreshed, 'it is left alone for a while').toHaveLength(1);
    expect(await seeds.find('work')).toMatchObject({ state: 'unknown', version: 1 });
    await clock.pass(10_000);
    expect((await visitor.ask()).status).toBe(200);
  });

  it('refuses whatever it has not given, and answers nothing else', async () => {
    const { visitor, loan, provider } = await gatePlace();
    const { port, token } = visitor.pass;
    const statusOf = async (...asked: Parameters<typeof askAt>) => (await askAt(...asked)).status;
    expect(await statusOf(port, { refresh_token: tokensOf(loan.auth)?.refreshToken })).toBe(401);
    expect(await statusOf(port, { refresh_token: `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}` })).toBe(
      401,
    );
    expect(await statusOf(port, { refresh_token: token, grant_type: 'authorization_code' })).toBe(400);
    expect(await statusOf(port, {})).toBe(400);
    expect(await statusOf(port, { refresh_token: token }, '/oauth/revoke')).toBe(404);
    expect(await statusOf(port, {}, '/oauth/token', 'GET')).toBe(405);
    expect(await statusOf(port, { refresh_token: token, more: 'x'.repeat(65_536) })).toBe(413);
    expect(provider.refreshed).toEqual([]);
  });

  it('refuses once the lease is lost, or the login was given back', async () => {
    const [forced, returned] = [await gatePlace(), await gatePlace()];
    await forced.seeds.purge('work', { force: true });
    expect(await forced.visitor.ask()).toMatchObject({ status: 401, body: { error: { code: 'lease_lost' } } });
    await returned.loan.release();
    expect(await returned.visitor.ask()).toMatchObject({
      status: 401,
      body: { error: { code: 'gate_token_unknown' } },
    });
    expect([...forced.provider.refreshed, ...returned.provider.refreshed]).toEqual([]);
  });

  it('lets a refresh go on whose run ends meanwhile, and gives the login back when that is saved', async () => {
    const { visitor, loan, provider, lend, seeds } = await gatePlace();
    const { promise, resolve } = Promise.withResolvers<void>();
    provider.next.push(() => promise.then(() => provider.issue('acct-work')));
    const asked = visitor.ask();
    await expect.poll(() => provider.refreshed.length).toBe(1);
    await loan.release();
    const next = lend('run-2', 'work', { mode: 'file' });
    expect(await isSettled(next)).toBe(false);
    resolve();
    expect((await next).mode).toBe('file');
    expect(await seeds.find('work')).toMatchObject({ version: 2 });
    await Promise.allSettled([asked, (await next).release()]);
  });

  it('answers no other user of this machine, whatever he has heard', async ({ skip }) => {
    skipFor(noOtherUser, skip);
    const { visitor, provider } = await gatePlace();
    const { token, port } = visitor.pass;
    const body = JSON.stringify({ grant_type: 'refresh_token', refresh_token: token });
    const request = `POST /oauth/token HTTP/1.1\r\nHost: gate\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const script = `exec 3<>/dev/tcp/127.0.0.1/${port}; printf %s "$1" >&3; cat <&3`;
    const ask = (user: object) => promisify(execFile)('bash', ['-c', script, 'bash', request], { cwd: '/', ...user });
    expect((await ask(NOBODY)).stdout).toContain('401 Unauthorized');
    expect(provider.refreshed).toEqual([]);
    expect((await ask({})).stdout).toContain('200 OK');
  });
});

describe('the gate of the next process', () => {
  it('is where the one before was, and knows the codexes that have lived on', async () => {
    const { visitor, loan, seeds, directory } = await gatePlace();
    expect(storedPort(directory)).toBe(visitor.pass.port);
    expect(statSync(join(directory, 'seeds', 'gate.json')).mode & 0o777).toBe(0o600);
    await seeds.gate.close();
    await expect(visitor.ask()).rejects.toThrow('fetch failed');
    const next = await gateIn(directory);
    const { promise, resolve } = Promise.withResolvers<typeof loan>();
    next.expect(visitor.pass, promise, visitor.holds);
    await next.open();
    const asked = visitor.ask();
    expect(await isSettled(asked), 'until the login is there').toBe(false);
    resolve(loan);
    expect((await asked).status).toBe(200);
    expect(await next.readmit(visitor.pass, loan, visitor.holds)).toBe(true);
    expect((await visitor.ask()).status).toBe(200);
  });

  it('sends a codex on whose login is not to be had', async () => {
    const { visitor, seeds, directory } = await gatePlace();
    await seeds.gate.close();
    const next = await gateIn(directory);
    next.expect(visitor.pass, Promise.reject(new Error('somebody else has it')), visitor.holds);
    await next.open();
    expect((await visitor.ask()).status).toBe(503);
  });

  it('is elsewhere where somebody else has its port, and takes nothing there that he may have heard', async () => {
    const { visitor, loan, seeds, directory, provider } = await gatePlace();
    await seeds.gate.close();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(visitor.pass.port, '127.0.0.1', resolve));
    onTestFinished(() => void squatter.close());
    const next = await gateIn(directory);
    expect(await next.readmit(visitor.pass, loan, visitor.holds)).toBe(false);
    const port = storedPort(directory);
    expect(port).not.toBe(visitor.pass.port);
    expect((await visitor.ask('unauthorized_recovery', port)).status).toBe(401);
    expect(provider.refreshed).toEqual([]);
    const other = await next.admit(loan, visitor.holds);
    expect(other.port).toBe(port);
  });
});

async function gateIn(directory: string): Promise<RefreshGate> {
  const gate = new RefreshGate(join(directory, 'seeds'));
  onTestFinished(() => gate.close());
  return gate;
}
