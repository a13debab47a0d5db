import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { Seeds } from '../../src/seeds/seeds.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Issued } from '../fakes/identity/lineages.ts';
import type { RefreshOrders } from '../fakes/refreshing-worker.ts';
import { dataDirectory } from './data-directory.ts';
import { fakePath } from './fakes.ts';
import { type StartedIdentity, startIdentity } from './identity.ts';
import { toAuthFile } from './identity-place.ts';
import { filesWith } from './search.ts';

/** Runs a command as the first process of a namespace of its own, whose end is that of all others in it. */
const OWN_PROCESSES = ['unshare', '-pf', '--mount-proc'] as const;

/** Why that cannot be done here; undefined when it can. */
export const whyNoOwnProcesses: string | undefined = (() => {
  const { status, error, stderr } = spawnSync(OWN_PROCESSES[0], [...OWN_PROCESSES.slice(1), 'true'], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : `no process namespace can be made here: ${error?.message ?? stderr}`;
})();

/** What a worker has found out. */
interface Verified {
  readonly verdict: string;
  readonly reason: string | null;
  readonly isRefreshed: boolean;
  readonly version: number;
  readonly state: string;
}

export interface RefreshPlaceOfTest extends StartedIdentity {
  readonly directory: string;
  readonly login: Issued;
  /** Lets a process verify the seed; undefined when that has died, as it was told to. */
  work(
    orders: Omit<RefreshOrders, 'directory' | 'env'>,
    onStep?: (step: string) => void,
  ): Promise<Verified | undefined>;
  /** Lets the first process of a container renew the seed, and ends it in order once `met`; resolves when that container is gone. */
  workContained(met: Promise<void>, onStopping: () => void): Promise<void>;
  /** The refresh token that we have. */
  held(): Promise<string>;
  /** The files that are left of refreshes. */
  left(): string[];
  /** The process that refreshes it now. */
  refresher(): number | undefined;
  /** The files of the data directory that hold anything that the provider ever issued. */
  leaks(): string[];
}

/** A data directory with the seed `work`, and the provider of it. */
export async function refreshPlace(): Promise<RefreshPlaceOfTest> {
  const started = await startIdentity();
  const { identity, env } = started;
  const directory = await dataDirectory('seeds');
  const login = identity.login();
  await onSeeds(directory, (seeds) => seeds.add({ id: 'work', auth: toAuthFile(login) }));
  const refreshes = join(directory, 'seeds', 'refreshes');
  const left = () => {
    try {
      return readdirSync(refreshes).sort();
    } catch {
      return [];
    }
  };
  return {
    ...started,
    directory,
    login,
    left,
    async work(orders, onStep) {
      const all: RefreshOrders = { directory, env, ...orders };
      const worker = spawn(process.execPath, [fakePath('refreshing-worker.ts'), JSON.stringify(all)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void worker.kill('SIGKILL'));
      if (onStep) createInterface(worker.stdout).on('line', onStep);
      const [said, [code, signal]] = await Promise.all([text(worker.stdout), once(worker, 'exit')]);
      if (orders.dies && signal === 'SIGKILL') return undefined;
      if (code !== 0) throw new Error(`the worker ended with ${code ?? signal}`);
      return JSON.parse(said.trim().split('\n').at(-1) ?? '') as Verified;
    },
    async workContained(met, onStopping) {
      const all: RefreshOrders = { directory, env, refresh: 'always', isStopped: true };
      const command = [process.execPath, fakePath('refreshing-worker.ts'), JSON.stringify(all)];
      const container = spawn(OWN_PROCESSES[0], [...OWN_PROCESSES.slice(1), ...command], {
        stdio: ['pipe', 'ignore', 'inherit'],
      });
      onTestFinished(() => void container.kill('SIGKILL'));
      const ended = once(container, 'exit');
      await met;
      container.stdin.end('stop\n');
      onStopping();
      await ended;
    },
    held: () =>
      onSeeds(directory, async (seeds) => {
        const lease = await seeds.take({ of: { seed: 'work' }, holder: 'engine', inAnyState: true, takesOver: true });
        if (!lease) throw new Error('somebody has the seed');
        const { files } = await seeds.read(lease);
        await lease.release();
        return JSON.parse(files['auth.json'] ?? '{}').tokens.refresh_token as string;
      }),
    refresher() {
      const intent = left().find((name) => name.endsWith('.intent'));
      if (!intent) return undefined;
      return JSON.parse(readFileSync(join(refreshes, intent), 'utf8')).process?.pid as number | undefined;
    },
    leaks: () => [...identity.ledger.secrets].flatMap((secret) => filesWith(directory, secret)),
  };
}

async function onSeeds<T>(directory: string, act: (seeds: Seeds) => Promise<T>): Promise<T> {
  const store = await openSqliteStore(directory);
  const seeds = new Seeds({ store, key: { env: {}, file: join(directory, 'seed.key') } });
  try {
    return await act(seeds);
  } finally {
    await seeds.close();
    await seeds.closeShared();
    await store.close();
  }
}
