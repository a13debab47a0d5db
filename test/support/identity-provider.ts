import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScriptedModel, type ScriptedModelOptions } from '../../src/testing/model.ts';
import type { Issued } from '../fakes/identity/lineages.ts';
import { FakeIdentity } from '../fakes/identity/provider.ts';
import { type Certificate, makeCertificate } from './certificate.ts';
import { startConnectProxy } from './connect-proxy.ts';

/** The hosts that codex talks with about a login. */
const HOSTS = ['chatgpt.com', 'api.openai.com', 'auth.openai.com', '127.0.0.1'];

/** Who the provider is, and who vouches for it. */
export type IdentityCertificate = Pick<Certificate, 'key' | 'cert'> & { readonly authority: Buffer };

export interface OpenIdentity {
  readonly identity: FakeIdentity;
  readonly model: ScriptedModel;
  /** What makes codex, and what we do about logins, come here instead of to the real hosts. */
  readonly env: Readonly<Record<string, string>>;
  /** The proxy that leads to it from any host. */
  readonly proxy: string;
  /** The file of the authority that vouches for it. */
  readonly authority: string;
  close(): Promise<void>;
}

export interface OpenIdentityOptions {
  /** Where the file of the authority is written; it is made. */
  readonly directory: string;
  readonly certificate: IdentityCertificate;
  readonly script?: ScriptedModelOptions['script'];
}

/** Starts an identity provider in the place of OpenAI's hosts, with a model behind it. */
export async function openIdentity({ directory, certificate, script }: OpenIdentityOptions): Promise<OpenIdentity> {
  const { key, cert, authority } = certificate;
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'ca.pem');
  writeFileSync(file, authority);
  const model = await ScriptedModel.start(script ? { script } : {});
  const identity = await FakeIdentity.start({ key, cert, model });
  const proxy = await startConnectProxy(identity.port);
  const env = {
    HTTPS_PROXY: proxy.url,
    https_proxy: proxy.url,
    CODEX_CA_CERTIFICATE: file,
    SSL_CERT_FILE: file,
  };
  return {
    identity,
    model,
    env,
    proxy: proxy.url,
    authority: file,
    async close() {
      proxy.close();
      await identity.close();
      await model.close();
    },
  };
}

/** Makes a certificate for it in this directory, of which nothing is needed afterwards. */
export function certifyIdentity(directory: string): IdentityCertificate {
  mkdirSync(directory, { recursive: true });
  const { key, cert, file } = makeCertificate(directory, HOSTS);
  return { key, cert, authority: readFileSync(file) };
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
