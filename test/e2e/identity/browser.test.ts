import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startChromium } from '../../support/chromium.ts';
import { BINARIES, NEWEST } from '../../support/codex.ts';
import { failureOf } from '../../support/failure.ts';
import { startWithIdentity } from '../../support/identity-codex.ts';
import { leaksIn, loginPlace } from '../../support/seed-logins.ts';

const FILE = { cli_auth_credentials_store: 'file' };

/** A browser that comes to the fake provider wherever it would come to OpenAI, and to this machine directly. */
async function openBrowser(proxy: string) {
  const browser = await startChromium();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({
    proxy: { server: proxy, bypass: 'localhost,127.0.0.1' },
    ignoreHTTPSErrors: true,
  });
  return context.newPage();
}

it('lets somebody consent to a login by device in a browser', async () => {
  const { identity, client, proxy, notified } = await startWithIdentity({ binary: NEWEST, config: FILE });
  const account = identity.addAccount();
  const begun = await client.call('account/login/start', { type: 'chatgptDeviceCode' });
  if (begun.type !== 'chatgptDeviceCode') throw new Error(begun.type);
  const page = await openBrowser(proxy);
  await page.goto(begun.verificationUrl);
  await page.getByLabel('Code').fill(begun.userCode);
  await page.getByRole('button', { name: `Continue as ${account.email}` }).click();
  await page.getByRole('heading', { name: 'Signed in to Codex' }).waitFor();
  expect(await notified('account/login/completed')).toMatchObject({ success: true });
});

describe('a login by browser that becomes a seed', () => {
  it('is saved when the browser has come back, and leaves nothing', async () => {
    const { identity, seeds, logins, begin, end, left, directory } = await loginPlace();
    const account = identity.addAccount();
    const waiting = await begin({ id: 'work', method: 'browser' });
    expect(waiting).toMatchObject({ state: 'waiting', method: 'browser', userCode: null });
    expect(await failureOf(logins.start({ id: 'other', method: 'browser' }))).toMatchObject({ code: 'invalid-input' });
    const back = identity.browser.consent(waiting.url ?? '', account);
    expect(new URL(back).port).toBe('1455');
    expect((await fetch(back)).status).toBe(200); // which the browser would do
    expect((await end(waiting)).state).toBe('done');
    expect(await seeds.list()).toMatchObject([{ id: 'work', account: { accountId: account.id } }]);
    expect({ left: left(), leaks: leaksIn(directory, identity) }).toEqual({ left: [], leaks: [] });
  });

  it('is not begun where somebody else waits for the browser: codex would end that, or take another port', async () => {
    const { logins, begin } = await loginPlace();
    const other = createServer().listen(1455, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const refused = await failureOf(logins.start({ id: 'work', method: 'browser' }));
    expect(refused).toMatchObject({ code: 'login-failed', message: expect.stringContaining('1455') });
    expect(logins.list()).toEqual([]);
    expect((await begin({ id: 'work' })).state).toBe('waiting');
    // What it does where nobody looks at the port.
    const { client } = await startWithIdentity({ binary: NEWEST, config: FILE });
    const begun = await client.call('account/login/start', { type: 'chatgpt' });
    expect(begun.type === 'chatgpt' && begun.authUrl).toContain(encodeURIComponent('http://127.0.0.1:1457/'));
  });
});

// Codex listens on a port that it does not choose: these come one after another, and nowhere else.
describe.each(BINARIES)('a login by browser with codex $version', (binary) => {
  it('comes back to this machine, and the address it ends at holds the id token', async () => {
    const { identity, client, proxy, notified, home } = await startWithIdentity({ binary, config: FILE });
    const account = identity.addAccount();
    const begun = await client.call('account/login/start', { type: 'chatgpt' });
    if (begun.type !== 'chatgpt') throw new Error(begun.type);
    const page = await openBrowser(proxy);
    await page.goto(begun.authUrl);
    await page.getByRole('button', { name: `Continue as ${account.email}` }).click();
    expect(await notified('account/login/completed')).toMatchObject({ success: true, error: null });
    const kept = readFileSync(join(home, 'auth.json'), 'utf8');
    expect(identity.ledger.lost((token) => kept.includes(token))).toEqual([]);
    await page.waitForURL(/id_token=/);
    expect(identity.ledger.secrets).toContain(new URL(page.url()).searchParams.get('id_token'));
  });
});
