import { connect } from 'node:net';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import type { SessionConfig } from './config.ts';

const DEADLINE_MS = 2_000;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Throws `provider-unreachable` when the provider is to be on this machine and nothing listens there. Codex would ask
 * again for minutes; of an address elsewhere only Codex can tell, which may go through a proxy.
 */
export async function checkProvider(host: Host, provider: SessionConfig['provider']): Promise<void> {
  if (!provider || !host.isLocal) return;
  const { hostname, port, protocol } = new URL(provider.baseUrl);
  if (!LOOPBACK.test(hostname)) return;
  const address = { host: hostname.replace(/[[\]]/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
  if (await isRefused(address)) {
    throw new OptioError('provider-unreachable', `nothing answers at the provider's address ${provider.baseUrl}`, {
      field: 'provider.baseUrl',
      remedy: 'Start it, or check the port.',
    });
  }
}

/** Only a plain no counts: whatever else is wrong, Codex has words for it. */
function isRefused(address: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: DEADLINE_MS });
    const settle = (isNo: boolean) => {
      socket.destroy();
      resolve(isNo);
    };
    socket.once('connect', () => settle(false));
    socket.once('timeout', () => settle(false));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code === 'ECONNREFUSED'));
  });
}
