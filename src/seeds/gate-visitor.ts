import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** Where the kernel tells of the connections of this machine, and whose each end is. */
const CONNECTIONS = '/proc/net/tcp';
/** 127.0.0.1, as it stands there. */
const LOOPBACK = '0100007F';

/**
 * Whether whoever asks over loopback is a process of our own user. A gate token may have been told to somebody else: a codex that
 * outlives us sends it to whoever listens on our port meanwhile.
 */
export async function isOurUser({ localPort, remotePort }: Pick<Socket, 'localPort' | 'remotePort'>): Promise<boolean> {
  if (localPort === undefined || remotePort === undefined) return false;
  const [theirs, ours] = [`${LOOPBACK}:${toHex(remotePort)}`, `${LOOPBACK}:${toHex(localPort)}`];
  const lines = (await readFile(CONNECTIONS, 'latin1').catch(() => '')).split('\n');
  const fields = lines.map((line) => line.trim().split(/\s+/)).find(([, from, to]) => from === theirs && to === ours);
  return fields !== undefined && Number(fields[7]) === process.geteuid?.();
}

function toHex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}
