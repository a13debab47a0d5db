import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startChromium } from '../../support/chromium.ts';
import { BINARIES, NEWEST } from '../../support/codex.ts';
import { startWithIdentity } from '../../support/identity-codex.ts';

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
