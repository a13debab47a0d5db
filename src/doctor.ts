import { join } from 'node:path';
import { findCodexBinary, PINNED_VERSION } from './codex/binary.ts';
import { askVersion } from './codex/version.ts';
import type { Check } from './contract/doctor.ts';
import { fromUnknown, OptioError } from './errors.ts';
import type { Host } from './hosts/host.ts';
import { checkOwnership } from './ownership.ts';
import { type ProbeOptions, probeSandbox } from './sandbox-probe.ts';
import { findLogin } from './session/login.ts';

/** Looks at this machine: what a run needs, and whether the sandbox really denies what it has to deny. */
export async function* diagnose(options: ProbeOptions): AsyncIterable<Check> {
  yield checkNode();
  yield await guarded('codex', () => checkCodex(options.host), { remedy: 'Run npm install again.' });
  yield await guarded('git', () => checkGit(options.host), { remedy: 'Install git, and put it on the PATH.' });
  yield* probeSandbox(options);
  yield await guarded('login', () => checkLogin(options), { status: 'warning' });
  yield await guarded('ownership', () => examineOwnership(options));
}

/** The same for a process that is asked again and again: those that ask at the same time share an examination. */
export class Doctor {
  readonly #options: Omit<ProbeOptions, 'signal'>;
  readonly #closing = new AbortController();
  #examination: Promise<Check[]> | undefined;

  constructor(options: Omit<ProbeOptions, 'signal'>) {
    this.#options = options;
  }

  /** All that was looked at, in order. Throws `aborted` when it is closed. */
  examine(): Promise<Check[]> {
    this.#examination ??= this.#examine().finally(() => {
      this.#examination = undefined;
    });
    return this.#examination;
  }

  /** Ends an examination that is under way, and resolves when nothing is left of it. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#examination?.catch(() => {});
  }

  async #examine(): Promise<Check[]> {
    const { signal } = this.#closing;
    const checks: Check[] = [];
    for await (const check of diagnose({ ...this.#options, signal })) {
      if (signal.aborted) break;
      checks.push(check);
    }
    if (signal.aborted) throw new OptioError('aborted', 'optio-codex is closing');
    return checks;
  }
}

function checkNode(): Check {
  const { version } = process;
  const isNewEnough = Number(version.slice(1).split('.')[0]) >= 24;
  if (isNewEnough) return { name: 'node', status: 'ok', detail: version };
  return { name: 'node', status: 'failed', detail: `${version} is too old`, remedy: 'Install Node 24 or newer.' };
}

async function checkCodex(host: Host): Promise<Check> {
  const { path } = findCodexBinary();
  const version = await askVersion(host, path);
  const detail = `${version} at ${path}`;
  if (version === PINNED_VERSION) return { name: 'codex', status: 'ok', detail };
  return {
    name: 'codex',
    status: 'warning',
    detail,
    remedy: `It is tested with ${PINNED_VERSION}: run npm install again.`,
  };
}

async function checkGit(host: Host): Promise<Check> {
  const { stdout } = await host.run(['git', '--version']);
  return { name: 'git', status: 'ok', detail: stdout.trim() };
}

async function checkLogin({ host, config }: ProbeOptions): Promise<Check> {
  const { home } = await host.describe();
  const userCodexHome = config.env.CODEX_HOME || join(home, '.codex');
  const login = await findLogin({ host, config: {}, env: config.env, userCodexHome });
  return { name: 'login', status: 'ok', detail: login.label };
}

async function examineOwnership({ host, config }: ProbeOptions): Promise<Check> {
  const { uid, gids } = await host.describe();
  const dataDir = await host.resolveInside('/', config.dataDir);
  return checkOwnership({ writer: { uid, gids }, packageDir: findCodexBinary().packageDir, dataDir });
}

async function guarded(
  name: string,
  check: () => Promise<Check>,
  failure: { readonly status?: 'warning' | 'failed'; readonly remedy?: string } = {},
): Promise<Check> {
  try {
    return await check();
  } catch (thrown) {
    const { message, details } = fromUnknown(thrown);
    const remedy = details.remedy ?? failure.remedy;
    return { name, status: failure.status ?? 'failed', detail: message, ...(remedy && { remedy }) };
  }
}
