import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { z } from 'zod';
import { makePrivateDirectory, putDurably } from './durable-file.ts';

/** Nobody elsewhere gets there. */
const ADDRESS = '127.0.0.1';

const storedSchema = z.object({ port: z.number().int().min(1).max(65_535) });

/**
 * Listens where the process before us did, which a codex that has outlived it goes on asking; elsewhere where somebody else does that
 * by now. Gives the port, which is on the disk by then.
 */
export async function listenAsBefore(server: Server, file: string): Promise<number> {
  const before = await readPort(file);
  if (before !== undefined && (await listen(server, before).catch(() => undefined)) !== undefined) return before;
  const port = await listen(server, 0);
  await makePrivateDirectory(dirname(file));
  await putDurably(file, JSON.stringify({ port }));
  return port;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, ADDRESS, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** What cannot be read is as good as nothing. */
async function readPort(file: string): Promise<number | undefined> {
  try {
    return storedSchema.parse(JSON.parse(await readFile(file, 'utf8'))).port;
  } catch {
    return undefined;
  }
}
