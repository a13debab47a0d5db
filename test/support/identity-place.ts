import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptedModel } from '../../src/testing/model.ts';
import type { Issued } from '../fakes/identity/lineages.ts';
import { FakeIdentity } from '../fakes/identity/provider.ts';
import { type Certificate, makeCertificate } from './certificate.ts';
import { startConnectProxy } from './connect-proxy.ts';

/** The hosts that codex talks with about a login. */
const HOSTS = ['chatgpt.com', 'api.openai.com', 'auth.openai.com', '127.0.0.1'];

/** What the provider says who it is with. */
export type IdentityCertificate = Pick<Certificate, 'key' | 'cert'> & { readonly authority: Buffer };

/** An identity provider in the place of OpenAI's hosts. */
export interface IdentityPlace extends AsyncDisposable {
  readonly identity: FakeIdentity;
  /** What makes codex, and what we do about logins, come here instead of to the real hosts. */
  readonly env: Readonly<Record<string, string>>;
  /** The proxy that leads to it from any host. */
  readonly proxy: string;
  /** The file of the authority that vouches for it. */
  readonly authority: string;
}

/** Makes a certificate for all of its hosts, in this directory. */
export function makeIdentityCertificate(directory: string): IdentityCertificate {
  const { key, cert, file } = makeCertificate(directory, HOSTS);
  return { key, cert, authority: readFileSync(file) };
}

/** Starts an identity provider with a model behind it; what it needs of files is put into this directory. */
export async function openIdentity(
  directory: string,
  model: ScriptedModel,
  { key, cert, authority }: IdentityCertificate,
): Promise<IdentityPlace> {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'ca.pem');
  writeFileSync(file, authority);
  const identity = await FakeIdentity.start({ key, cert, model });
  const proxy = await startConnectProxy(identity.port);
  const env = { HTTPS_PROXY: proxy.url, https_proxy: proxy.url, CODEX_CA_CERTIFICATE: file, SSL_CERT_FILE: file };
  return {
    identity,
    env,
    proxy: proxy.url,
    authority: file,
    async [Symbol.asyncDispose]() {
      proxy.close();
      await identity.close();
    },
  };
}

/** A login as codex keeps it in a file. */
export function toAuthFile({ accessToken, idToken, refreshToken, account }: Issued, at = new Date()): string {
  const tokens = {
    id_token: idToken,
    access_token: accessToken,
    refresh_token: refreshToken,
    account_id: account.id,
  };
  const login = { auth_mode: 'chatgpt', OPENAI_API_KEY: null, tokens, last_refresh: at.toISOString() };
  return JSON.stringify(login, null, 2);
}
