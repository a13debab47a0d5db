import { type IncomingMessage, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ScriptedModel } from '../../src/testing/model.ts';
import { makeCertificate } from './certificate.ts';
import { startConnectProxy } from './connect-proxy.ts';
import { testDirectory } from './directories.ts';

interface SeenRequest {
  readonly host: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly accountId: string | undefined;
}

export interface TlsProxy {
  /** What makes codex come here instead of to the real hosts. */
  readonly env: Readonly<Record<string, string>>;
  readonly requests: SeenRequest[];
  /** Answers the requests for the model with 401, once for each token. */
  readonly refuseToken: (token: string) => void;
}

/** Where codex is told to send the requests of an account. */
const ACCOUNTS = JSON.stringify({
  accounts: [
    {
      id: 'acct-1',
      name: null,
      structure: 'personal',
      plan_type: 'pro',
      can_access_with_session: true,
      sso_connection_name: null,
      is_deactivated: false,
      is_fedramp_compliant_workspace: false,
      workspace_backend_origin: 'https://chatgpt.com',
      account_routing_override: 'NO_CONSTRAINT',
      profile_picture_url: null,
    },
  ],
  account_ordering: ['acct-1'],
});

/** Stands in for OpenAI's hosts: an HTTP proxy in front of a TLS server whose certificate codex is told to trust. */
export async function startTlsProxy(model: ScriptedModel): Promise<TlsProxy> {
  const directory = testDirectory('tls');
  const { key, cert, file } = makeCertificate(directory, ['chatgpt.com', 'api.openai.com', 'auth.openai.com']);
  const requests: SeenRequest[] = [];
  const refused = new Set<string>();
  const tls = createTlsServer({ key, cert }, (incoming, outgoing) => {
    const seen = toSeen(incoming);
    requests.push(seen);
    if (seen.path.endsWith('/accounts/check')) {
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(ACCOUNTS);
      return;
    }
    if (!seen.path.endsWith('/responses')) {
      outgoing.writeHead(404).end('{}');
      return;
    }
    if ([...refused].some((token) => seen.authorization?.endsWith(token))) {
      outgoing.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"token refused"}}');
      return;
    }
    const forwarded = request(`${model.url}/responses`, { method: 'POST', headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  tls.on('upgrade', (incoming: IncomingMessage, socket: Socket) => {
    requests.push(toSeen(incoming));
    socket.end('HTTP/1.1 426 Upgrade Required\r\n\r\n');
  });
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
  const proxy = await startConnectProxy((tls.address() as AddressInfo).port);
  onTestFinished(() => {
    proxy.close();
    tls.closeAllConnections();
    tls.close();
  });
  const { url } = proxy;
  return {
    env: { HTTPS_PROXY: url, https_proxy: url, CODEX_CA_CERTIFICATE: file, SSL_CERT_FILE: file },
    requests,
    refuseToken: (token) => refused.add(token),
  };
}

function toSeen({ headers, url = '' }: IncomingMessage): SeenRequest {
  const accountId = headers['chatgpt-account-id'];
  return {
    host: headers.host ?? '',
    path: url,
    authorization: headers.authorization,
    accountId: accountId as string | undefined,
  };
}

/** An authority of our own, and a certificate of it for the hosts: codex does not take one that signed itself. */
