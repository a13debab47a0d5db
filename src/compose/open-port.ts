import type { OptioConfig } from '../config.ts';
import { OptioError } from '../errors.ts';
import type { Listen } from '../server/listen.ts';
import { type RunningServer, type ServerOptions, startServer } from '../server/server.ts';

const HOST = '127.0.0.1';
const PORT = 7420;

/**
 * Answers where people and programs look for it: at a port, or at a socket of one's choice. A port that nobody has chosen
 * need not be that one. Throws `invalid-config`.
 */
export async function openPort(
  { settings }: OptioConfig,
  common: Omit<ServerOptions, 'listen'>,
): Promise<RunningServer> {
  const { 'server.socket': socket, 'server.port': port, 'server.basePath': basePath } = settings;
  const { 'server.allowedHosts': allowedHosts, 'server.trustProxy': trustProxy } = settings;
  const start = (listen: Listen) =>
    startServer({
      ...common,
      listen,
      ...(basePath !== undefined && { basePath }),
      ...(allowedHosts && { allowedHosts }),
      ...(trustProxy !== undefined && { trustProxy }),
    });
  if (socket !== undefined) return start({ socket });
  const host = settings['server.host'] ?? HOST;
  try {
    return await start({ host, port: port ?? PORT });
  } catch (error) {
    const isTaken = error instanceof OptioError && error.details.field === 'port';
    if (port !== undefined || !isTaken) throw error;
    return start({ host, port: 0 });
  }
}
