import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readSync, statSync, truncateSync } from 'node:fs';
import { constants, cp, lstat, mkdir, realpath, rename, stat } from 'node:fs/promises';
import { arch, homedir, hostname, platform, userInfo } from 'node:os';
import { OptioError } from '../errors.ts';
import { allowedEnvironment } from './environment.ts';
import { readWhole, writeWhole } from './files.ts';
import type {
  FileListing,
  Host,
  HostDescription,
  HostProcess,
  ListOptions,
  ProcessSpec,
  RunOptions,
  RunResult,
  WriteOptions,
} from './host.ts';
import { listFiles } from './listing.ts';
import { readInside, resolveInside } from './paths.ts';
import { identify, readBootId } from './processes.ts';
import { removeDirectory } from './remove.ts';
import { runCommand } from './run.ts';
import { spawnProgram } from './spawn.ts';
import { stopProcess } from './stop.ts';
import { lastLines, OutputTail } from './tail.ts';

const MAX_FILE_BYTES = 16 * 1024 * 1024;
const MAX_LOG_BYTES = 8 * 1024 * 1024;
const LOG_CHECK_MS = 60_000;
const TAIL_BYTES = 64 * 1024;

/** This machine. */
export class LocalHost implements Host {
  readonly isLocal = true;
  readonly #home: string;

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
      home: this.#home,
      bootId: readBootId(),
    };
  }

  run(command: readonly [string, ...string[]], options: RunOptions = {}): Promise<RunResult> {
    return runCommand(command, options.env ?? { ...allowedEnvironment(process.env), HOME: this.#home }, options);
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
      if (spec.output !== 'streams') {
        child.unref();
        boundLog(child, spec.output.file);
      }
      return toHostProcess(child, spec);
    } finally {
      if (log !== undefined) closeSync(log);
    }
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

  readInside(root: string, path: string, options: { maxBytes?: number } = {}): Promise<Buffer | undefined> {
    return readInside(root, path, options.maxBytes ?? MAX_FILE_BYTES);
  }

  removeDirectory(path: string): Promise<void> {
    return removeDirectory(path);
  }

  async copyDirectory(from: string, to: string): Promise<void> {
    await cp(from, to, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
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

  realPath(path: string): Promise<string | undefined> {
    return realpath(path).catch(() => undefined);
  }

  listFiles(root: string, options: ListOptions): Promise<FileListing> {
    return listFiles(root, options);
  }
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function openLog(file: string): number {
  try {
    return openSync(file, 'a', 0o600);
  } catch (cause) {
    throw new OptioError('host-command-failed', `cannot write the log: ${(cause as Error).message}`, { cause });
  }
}

function toHostProcess(child: ChildProcess, spec: ProcessSpec): HostProcess {
  const identity = identify(child.pid as number);
  const exited = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const tail = child.stderr ? new OutputTail(child.stderr) : undefined;
  const closeInput = child.stdin ? () => child.stdin?.end() : undefined;
  child.stdin?.on('error', () => {}); // whoever writes hears of it; nobody else may die of it
  let stopping: ReturnType<HostProcess['stop']> | undefined;
  return {
    identity,
    exited,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    stderrTail: () => tail?.lines() ?? readTail(spec.output),
    stop() {
      stopping ??= stopProcess({ identity, mark: spec.mark, closeInput });
      return stopping;
    },
  };
}

/** A log that nobody reads to the end must not fill the disk; the file was opened for appending, so it may shrink. */
function boundLog(child: ChildProcess, file: string): void {
  const check = setInterval(() => {
    try {
      if (statSync(file).size > MAX_LOG_BYTES) truncateSync(file);
    } catch {
      // The log has gone with its directory.
    }
  }, LOG_CHECK_MS).unref();
  child.once('exit', () => clearInterval(check));
}

function readTail(output: ProcessSpec['output']): string {
  if (output === 'streams') return '';
  try {
    const file = openSync(output.file, 'r');
    try {
      const { size } = statSync(output.file);
      const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
      readSync(file, buffer, 0, buffer.length, size - buffer.length);
      return lastLines(buffer.toString('utf8'), 20);
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
