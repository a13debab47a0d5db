import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { OptioConfig } from '../config.ts';
import { errorRecordSchema } from '../contract/outcome.ts';
import { OptioError } from '../errors.ts';

/** The number of the descriptor on which a server says once, in a line, that it is ready, or why it is not. */
export const READY_FD = 3;
/** How long a server may take to say that, in milliseconds. */
const READY_MS = 60_000;

const saidSchema = z.union([z.object({ ready: z.literal(true) }), z.object({ error: errorRecordSchema })]);
export type Said = z.infer<typeof saidSchema>;

export interface BackgroundOptions {
  /** The program that is told to `serve --background` (the command itself). */
  readonly main?: string;
  /** How long the server may take until it is ready, in milliseconds (60,000). */
  readonly readyMs?: number;
}

/**
 * Starts a server that outlives this process, and resolves when it is ready. Throws what keeps it from that, such as
 * `data-directory-busy`, and `server-unreachable` where it does not say.
 */
export async function startInBackground(
  { dataDir, env }: Pick<OptioConfig, 'dataDir' | 'env'>,
  { main = ownMain(), readyMs = READY_MS }: BackgroundOptions = {},
): Promise<void> {
  const logs = join(dataDir, 'logs');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const file = join(logs, 'server.out');
  const output = openSync(file, 'a', 0o600);
  const child = spawn(process.execPath, [...process.execArgv, main, 'serve', '--background'], {
    cwd: '/', // it would keep a directory busy that somebody may want to unmount
    detached: true,
    env: { ...env, OPTIO_CODEX_HOME: dataDir },
    stdio: ['ignore', output, output, 'pipe'],
  });
  closeSync(output);
  child.unref();
  const said = await firstLine(child, readyMs).catch((cause: Error) => {
    throw new OptioError('server-unreachable', `no server could be started: ${cause.message}`, {
      cause,
      remedy: `Look into ${file}, or start it yourself: optio-codex serve.`,
    });
  });
  if ('ready' in said) return;
  const { code, message, exitCode = null, ...details } = said.error;
  throw new OptioError(code, message, { ...details, exitCode } as never);
}

function ownMain(): string {
  return fileURLToPath(new URL(`../cli/main${extname(import.meta.url)}`, import.meta.url));
}

/** What a server says. Not to the end of the pipe: what it starts may have inherited that. */
function firstLine(child: ChildProcess, readyMs: number): Promise<Said> {
  const { promise, resolve, reject } = Promise.withResolvers<Said>();
  const pipe = child.stdio[READY_FD] as Readable;
  let text = '';
  pipe.setEncoding('utf8');
  pipe.on('data', (piece: string) => {
    text += piece;
    if (!text.includes('\n')) return;
    try {
      resolve(saidSchema.parse(JSON.parse(text)));
    } catch {
      reject(new Error('what it says makes no sense'));
    }
  });
  pipe.once('end', () => reject(new Error('it has ended before it was ready')));
  child.once('error', reject);
  const slow = () => reject(new Error(`process ${child.pid} has not been ready for ${Math.round(readyMs / 1_000)} s`));
  const timer = setTimeout(slow, readyMs);
  return promise.finally(() => {
    clearTimeout(timer);
    pipe.destroy();
  });
}
