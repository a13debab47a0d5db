import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ProcessIdentity } from '../hosts/host.ts';
import { identify, isRunning } from '../hosts/processes.ts';
import type { RefreshOrder } from './refresh-order.ts';

/** What of our environment leads to the provider, and where Node keeps what it has compiled. Nothing else of it is passed on. */
const PASSED_ON = [
  ...['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'],
  'NODE_COMPILE_CACHE',
  ...['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'],
] as const;
/** A refresh has a minute for its answer. Whatever takes longer than this does not work, in milliseconds. */
const LONGEST_MS = 150_000;
/** How often it is looked whether one of another process is over, in milliseconds. */
const LOOK_MS = 50;

/** A refresher that waits for its order. */
export interface Refresher {
  /** Null where it lives and dies with us. */
  readonly identity: ProcessIdentity | null;
  /** Gives it its order; resolves when it is over, however that was. */
  tell(order: RefreshOrder): Promise<void>;
  /** Our process does not live on for it. */
  letGo(): void;
}

export type StartRefresher = () => Promise<Refresher>;

/** Starts a process that refreshes a login, and that our death, or a signal to our terminal, does not reach. */
export async function startRefresher(env: Readonly<Record<string, string | undefined>>): Promise<Refresher> {
  const program = fileURLToPath(new URL(`./refresher${extname(import.meta.url)}`, import.meta.url));
  const child = spawn(process.execPath, [program], {
    cwd: '/',
    env: Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] ? [[name, env[name]]] : []))),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  child.stdin.on('error', () => {}); // it has died, which its end tells
  await once(child, 'spawn');
  return {
    identity: identify(child.pid as number),
    async tell(order) {
      child.stdin.end(JSON.stringify(order));
      await ended;
    },
    letGo: () => child.unref(),
  };
}

/** Waits for the end of one that a process before us has started. One that hangs is ended. */
export async function waitForEnd(identity: ProcessIdentity): Promise<void> {
  for (let waited = 0; isRunning(identity); waited += LOOK_MS) {
    if (waited >= LONGEST_MS) end(identity.pid);
    await delay(LOOK_MS);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself just now.
  }
}
