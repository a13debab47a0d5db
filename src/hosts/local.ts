import { closeSync } from 'node:fs';
import { lstat, mkdir, realpath, rename, stat } from 'node:fs/promises';
import { arch, homedir, hostname, platform, userInfo } from 'node:os';
import { collectFiles, readCollected } from './collect.ts';
import { copyDirectory } from './copy.ts';
import type { DirectoryListing } from './directory-listing.ts';
import { allowedEnvironment, DEFAULT_PATH, trustedPath } from './environment.ts';
import { readWhole, writeWhole } from './files.ts';
import type {
  AdoptSpec,
  CollectBounds,
  CollectedPlace,
  Collection,
  CommandOptions,
  FileListing,
  Host,
  HostDescription,
  HostProcess,
  ListedFile,
  ListOptions,
  OpenFile,
  ProcessIdentity,
  ProcessMark,
  ProcessSpec,
  ReadOptions,
  RunResult,
  StopReport,
  WriteOptions,
} from './host.ts';
import { listInside } from './list-inside.ts';
import { fingerprint, listFiles } from './listing.ts';
import { adoptProcess, boundLog, openLog, toHostProcess } from './managed.ts';
import { openInside } from './open-inside.ts';
import { readInside, resolveInside } from './paths.ts';
import { isRunning, readBootId } from './processes.ts';
import { removeDirectory } from './remove.ts';
import { runCommand } from './run.ts';
import { spawnProgram } from './spawn.ts';
import { stopProcess, sweepMarked } from './stop.ts';
import { watchDirectory } from './watch.ts';
import { writeInside } from './write-inside.ts';

const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** This machine. */
export class LocalHost implements Host {
  readonly name = 'local';
  readonly isLocal = true;
  readonly #home: string;
  /** Commands in the sandbox may write there. */
  readonly #distrusted = new Set(['/tmp']);

  /** `home` stands in for the user's own, for tests. */
  constructor(options: { home?: string } = {}) {
    this.#home = options.home ?? homedir();
  }

  async describe(): Promise<HostDescription> {
    return {
      platform: platform(),
      arch: arch(),
      hostname: hostname(),
      user: userInfo().username,
      uid: userInfo().uid,
      gids: [process.getegid?.() ?? userInfo().gid, ...(process.getgroups?.() ?? [])],
      home: this.#home,
      bootId: readBootId(),
    };
  }

  distrust(directory: string): void {
    this.#distrusted.add(directory);
  }

  searchPath(path: string | undefined): string {
    return trustedPath(path ?? DEFAULT_PATH, this.#distrusted);
  }

  run(command: readonly [string, ...string[]], options: CommandOptions = {}): Promise<RunResult> {
    const env = options.env ?? { ...allowedEnvironment(process.env), HOME: this.#home };
    const trusted = env.PATH === undefined ? env : { ...env, PATH: this.searchPath(env.PATH) };
    return runCommand(command, trusted, options);
  }

  async start(spec: ProcessSpec): Promise<HostProcess> {
    const log = spec.output === 'streams' ? undefined : openLog(spec.output.file);
    try {
      const child = await spawnProgram(spec.command, {
        cwd: spec.cwd,
        env: { ...spec.env, ...(spec.mark && { [spec.mark.name]: spec.mark.value }) },
        // In a session of its own it outlives us, and no Ctrl-C of our terminal reaches it.
        detached: true,
        stdio: log === undefined ? ['pipe', 'pipe', 'pipe'] : ['ignore', log, log],
      });
      const process = toHostProcess(child, spec);
      if (spec.output !== 'streams') {
        child.unref();
        boundLog(process, spec.output.file);
      }
      return process;
    } finally {
      if (log !== undefined) closeSync(log);
    }
  }

  async adopt(identity: ProcessIdentity, spec: AdoptSpec): Promise<HostProcess | undefined> {
    if (!isRunning(identity)) return undefined;
    const process = adoptProcess(identity, spec);
    boundLog(process, spec.output.file);
    return process;
  }

  stop(identity: ProcessIdentity, mark: ProcessMark): Promise<StopReport> {
    return stopProcess({ identity, mark });
  }

  sweep(mark: ProcessMark): Promise<number> {
    return sweepMarked(mark);
  }

  readFile(path: string, options: { maxBytes?: number } = {}): Promise<Buffer> {
    return readWhole(path, options.maxBytes ?? MAX_FILE_BYTES);
  }

  writeFile(path: string, data: string | Buffer, options: WriteOptions = {}): Promise<void> {
    return writeWhole(path, data, options);
  }

  async makeDirectory(path: string, options: { mode?: number } = {}): Promise<void> {
    await mkdir(path, { recursive: true, mode: options.mode ?? 0o700 });
  }

  resolveInside(root: string, path: string): Promise<string> {
    return resolveInside(root, path);
  }

  readInside(root: string, path: string, options: ReadOptions = {}): Promise<Buffer | undefined> {
    return readInside(root, path, { maxBytes: MAX_FILE_BYTES, ...options });
  }

  openInside(root: string, path: string): Promise<OpenFile | undefined> {
    return openInside(root, path);
  }

  listInside(root: string, path: string, limit: number): Promise<DirectoryListing | undefined> {
    return listInside(root, path, limit);
  }

  writeInside(root: string, path: string, data: Uint8Array): Promise<void> {
    return writeInside(root, path, data);
  }

  removeDirectory(path: string): Promise<void> {
    return removeDirectory(path);
  }

  copyDirectory(from: string, to: string): Promise<void> {
    return copyDirectory(from, to);
  }

  async move(from: string, to: string): Promise<boolean> {
    // A rename puts itself in the place of a file or of an empty directory; a full one refuses it by itself.
    if (await isThere(to)) return false;
    try {
      await rename(from, to);
      return true;
    } catch (error) {
      if (['EEXIST', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
  }

  exists(path: string): Promise<boolean> {
    return stat(path).then(
      () => true,
      () => false,
    );
  }

  watch(directory: string, onChange: () => void): () => void {
    return watchDirectory(directory, onChange);
  }

  fingerprint(path: string): Promise<string | undefined> {
    return stat(path).then(fingerprint, () => undefined);
  }

  realPath(path: string): Promise<string | undefined> {
    return realpath(path).catch(() => undefined);
  }

  listFiles(root: string, options: ListOptions): Promise<FileListing> {
    return listFiles(root, options);
  }

  collectFiles(
    root: string,
    files: ReadonlyMap<string, ListedFile>,
    into: string,
    bounds: CollectBounds,
  ): Promise<Collection> {
    return collectFiles(root, files, into, bounds);
  }

  readCollected(path: string, places: readonly CollectedPlace[]): Promise<Buffer[]> {
    return readCollected(path, places);
  }
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
