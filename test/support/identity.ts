import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ScriptedModel, type ScriptedModelOptions } from '../../src/testing/model.ts';
import type { Issued } from '../fakes/identity/lineages.ts';
import { FakeIdentity } from '../fakes/identity/provider.ts';
import { type Certificate, makeCertificate } from './certificate.ts';
import { startConnectProxy } from './connect-proxy.ts';
import { makeDirectory, testDirectory } from './directories.ts';

/** The hosts that codex talks with about a login. */
const HOSTS = ['chatgpt.com', 'api.openai.com', 'auth.openai.com', '127.0.0.1'];

/** Made once for all tests of a process. */
let certificate: (Pick<Certificate, 'key' | 'cert'> & { readonly authority: Buffer }) | undefined;

export interface StartedIdentity {
  readonly identity: FakeIdentity;
  readonly model: ScriptedModel;
  /** What makes codex, and what we do about logins, come here instead of to the real hosts. */
  readonly env: Readonly<Record<string, string>>;
  /** The proxy that leads to it from any host. */
  readonly proxy: string;
  /** The file of the authority that vouches for it. */
  readonly authority: string;
}

/** Starts an identity provider for one test, in the place of OpenAI's hosts, with a model behind it. */
export async function startIdentity(script?: ScriptedModelOptions['script']): Promise<StartedIdentity> {
  certificate ??= makeOnce();
  const { key, cert } = certificate;
  const file = join(testDirectory('identity'), 'ca.pem');
  writeFileSync(file, certificate.authority);
  const model = await ScriptedModel.start(script ? { script } : {});
  const identity = await FakeIdentity.start({ key, cert, model });
  const proxy = await startConnectProxy(identity.port);
  onTestFinished(async () => {
    proxy.close();
    await identity.close();
    await model.close();
  });
  const env = {
    HTTPS_PROXY: proxy.url,
    https_proxy: proxy.url,
    CODEX_CA_CERTIFICATE: file,
    SSL_CERT_FILE: file,
  };
  return { identity, model, env, proxy: proxy.url, authority: file };
}

/** A login as codex keeps it in a file. */
export function toAuthFile({ accessToken, idToken, refreshToken, account }: Issued): string {
  const tokens = {
    id_token: idToken,
    access_token: accessToken,
    refresh_token: refreshToken,
    account_id: account.id,
  };
  const login = { auth_mode: 'chatgpt', OPENAI_API_KEY: null, tokens, last_refresh: new Date().toISOString() };
  return JSON.stringify(login, null, 2);
}

function makeOnce(): NonNullable<typeof certificate> {
  const directory = makeDirectory('certificate');
  try {
    const { key, cert, file } = makeCertificate(directory, HOSTS);
    return { key, cert, authority: readFileSync(file) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
