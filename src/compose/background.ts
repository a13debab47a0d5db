import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { OptioConfig } from '../config.ts';
import { errorRecordSchema } from '../contract/outcome.ts';
import { fromUnknown, OptioError } from '../errors.ts';

/** The number of the descriptor on which a server says once that it is ready, or why it is not. */
export const READY_FD = 3;

const saidSchema = z.union([z.object({ ready: z.literal(true) }), z.object({ error: errorRecordSchema })]);
export type Said = z.infer<typeof saidSchema>;

/**
 * Starts a server that outlives this process, and resolves when it is ready. Throws what keeps it from that, such as
 * `data-directory-busy`.
 */
export async function startInBackground({ dataDir, env }: Pick<OptioConfig, 'dataDir' | 'env'>): Promise<void> {
  const logs = join(dataDir, 'logs');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const file = join(logs, 'server.out');
  const output = openSync(file, 'a', 0o600);
  const main = fileURLToPath(new URL(`../cli/main${extname(import.meta.url)}`, import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, main, 'serve', '--background'], {
    cwd: '/', // it would keep a directory busy that somebody may want to unmount
    detached: true,
    env: { ...env, OPTIO_CODEX_HOME: dataDir },
    stdio: ['ignore', output, output, 'pipe'],
  });
  closeSync(output);
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  failed.catch(() => {});
  child.unref();
  const said = await Promise.race([text(child.stdio[READY_FD] as NodeJS.ReadableStream), failed]).catch((cause) => {
    throw new OptioError('server-unreachable', `no server could be started: ${fromUnknown(cause).message}`, { cause });
  });
  const read = saidSchema.safeParse(said === '' ? undefined : JSON.parse(said));
  if (!read.success) {
    throw new OptioError('server-unreachable', 'the server that was started has ended before it was ready', {
      remedy: `Look into ${file}, or start it yourself: optio-codex serve.`,
    });
  }
  if ('ready' in read.data) return;
  const { code, message, ...details } = read.data.error;
  throw new OptioError(code, message, { ...details, exitCode: details.exitCode ?? null } as never);
}
