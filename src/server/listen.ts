import { lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { OptioError } from '../errors.ts';

/** Where a server answers: on a port of this machine, or on a unix socket. */
export type Listen = { readonly host: string; readonly port: number } | { readonly socket: string };

/** What fits into the address of a unix socket, in bytes, on every system. */
export const MAX_SOCKET_PATH = 103;

/**
 * Begins to answer; gives the address, and the port. A socket that nobody answers at any more is replaced. Throws
 * `invalid-config` with the field (`host`, `port`, `socket`) that does not work.
 */
export async function listen(server: Server, where: Listen): Promise<{ url: string; port: number | undefined }> {
  if ('socket' in where) {
    await freeSocket(where.socket);
    // Synchronous up to the bind, so that the file is ours alone from its beginning.
    const mask = process.umask(0o177);
    const listening = begin(server, () => server.listen(where.socket));
    process.umask(mask);
    await listening.catch((error: Error) => {
      throw refused('socket', error.message, 'Choose a directory that is there and in which we may write.');
    });
    return { url: `unix:${where.socket}`, port: undefined };
  }
  const { host, port } = where;
  if (!isLoopback(host)) {
    throw refused(
      'host',
      `${host} is no address of this machine's own loopback`,
      'Use 127.0.0.1, and a reverse proxy for others.',
    );
  }
  await begin(server, () => server.listen({ host, port, exclusive: true })).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') {
      throw refused('port', `${port} is in use on ${host}`, 'Choose another one, or 0 for any that is free.');
    }
    if (error.code === 'EACCES')
      throw refused('port', `${port} needs more rights than we have`, 'Choose one above 1023.');
    if (error.code === 'ERR_SOCKET_BAD_PORT')
      throw refused('port', `${port} is no port`, 'Choose one from 0 to 65535.');
    throw refused('host', `cannot listen on ${host}: ${error.message}`, 'Use 127.0.0.1.');
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, port: address.port };
}

async function begin(server: Server, start: () => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).once('listening', resolve);
  try {
    start();
    await promise;
  } finally {
    server.off('error', reject).off('listening', resolve);
  }
}

async function freeSocket(path: string): Promise<void> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
    throw refused('socket', `a path may have ${MAX_SOCKET_PATH} bytes, and ${path} has more`, 'Choose a shorter one.');
  }
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isSocket()) throw refused('socket', `${path} is there, and is no socket`, 'Choose another path.');
  if (await answers(path))
    throw refused('socket', `a server answers at ${path} already`, 'Stop it, or choose another path.');
  rmSync(path, { force: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Whatever else is wrong, such as a socket of another user's: it is not for us to remove it.
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function refused(field: string, message: string, remedy: string): OptioError {
  return new OptioError('invalid-config', `${field}: ${message}`, { field, remedy });
}
