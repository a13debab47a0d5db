import { close, constants, fstatSync, open, read } from 'node:fs';
import { type FileHandle, open as openFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { OptioError } from '../errors.ts';
import type { CollectBounds, CollectedPlace, Collection, LeftOut, ListedFile } from './host.ts';
import { openWithoutLinks, stepsInside } from './walk.ts';

// A file handle costs several times what the rest does, and there is one for each of thousands of files.
const opened = promisify(open) as (path: string, flags: number) => Promise<number>;
const closed = promisify(close);

/** How many files are read in one go. */
const BATCH = 64;
/** How far below the root is gone: each directory on the way stays open. */
const MAX_DEPTH = 100;
/** A pipe that somebody has put there would otherwise keep us until somebody else writes to it. */
const FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** What holds a zero byte so near its beginning is no text; git thinks so too. */
const LOOKED_AT = 8_000;

/** No name of a file: it would lead to where nobody has looked. */
const WAYS_OUT = ['', '.', '..'];

/** What is to be read of a directory, by names. */
interface Branch {
  readonly files: Map<string, ListedFile>;
  readonly directories: Map<string, Branch>;
}

/** Copies what files hold into one; see `Host.collectFiles`. */
export async function collectFiles(
  root: string,
  files: ReadonlyMap<string, ListedFile>,
  into: string,
  bounds: CollectBounds,
): Promise<Collection> {
  const found = new Map<string, CollectedPlace | LeftOut>();
  for (const path of files.keys()) found.set(path, 'not-read');
  const target = await openFile(into, 'wx', 0o600);
  try {
    const directory = await openWithoutLinks(stepsInside('/', root), DIRECTORY).catch(() => undefined);
    if (!directory) return found;
    try {
      await new Collector(target, bounds, found).visit(directory.fd, '', branchOf(files), 0);
    } finally {
      await directory.close();
    }
    return found;
  } finally {
    await target.close();
  }
}

/** What lies at places of a file of ours; see `Host.readCollected`. */
export async function readCollected(path: string, places: readonly CollectedPlace[]): Promise<Buffer[]> {
  const file = await openFile(path, constants.O_RDONLY).catch((cause: Error) => {
    throw new OptioError('not-found', `${path} cannot be read: ${cause.message}`, { cause });
  });
  try {
    const parts: Buffer[] = [];
    for (const { at, bytes } of places) {
      const part = Buffer.alloc(bytes);
      const { bytesRead } = await file.read(part, 0, bytes, at);
      parts.push(part.subarray(0, bytesRead));
    }
    return parts;
  } finally {
    await file.close();
  }
}

class Collector {
  readonly #target: FileHandle;
  readonly #bounds: CollectBounds;
  readonly #found: Map<string, CollectedPlace | LeftOut>;
  readonly #until: number;
  #bytes = 0;
  #isFull = false;

  constructor(target: FileHandle, bounds: CollectBounds, found: Map<string, CollectedPlace | LeftOut>) {
    this.#target = target;
    this.#bounds = bounds;
    this.#found = found;
    this.#until = performance.now() + bounds.deadlineMs;
  }

  /** Everything is reached from the open directory above it, so that nobody can put a link on the way. */
  async visit(directory: number, path: string, branch: Branch, depth: number): Promise<void> {
    const files = [...branch.files];
    for (let at = 0; at < files.length && !this.#isOver; at += BATCH) {
      const batch = files.slice(at, at + BATCH);
      const contents = await Promise.all(batch.map(([name, listed]) => this.#read(directory, name, listed)));
      await this.#keep(
        batch.map(([name]) => path + name),
        contents,
      );
    }
    if (depth === MAX_DEPTH) return;
    for (const [name, below] of branch.directories) {
      if (this.#isOver) return;
      const next = await opened(`/proc/self/fd/${directory}/${name}`, DIRECTORY).catch(() => undefined);
      if (next === undefined) continue;
      try {
        await this.visit(next, `${path}${name}/`, below, depth + 1);
      } finally {
        await closed(next);
      }
    }
  }

  get #isOver(): boolean {
    return this.#isFull || performance.now() > this.#until;
  }

  async #read(directory: number, name: string, { mode, size }: ListedFile): Promise<Buffer | LeftOut> {
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) return 'not-read';
    if (size > this.#bounds.maxFileBytes) return 'too-large';
    const file = await opened(`/proc/self/fd/${directory}/${name}`, FILE).catch(() => undefined);
    if (file === undefined) return 'not-read';
    try {
      const stat = fstatSync(file); // of an open file the system knows it by heart
      // It may be another one by now, or one that grows.
      if (!stat.isFile() || stat.size !== size) return 'not-read';
      const content = await readAll(file, size);
      if (content.length !== size) return 'not-read';
      return content.subarray(0, LOOKED_AT).includes(0) ? 'binary' : content;
    } catch {
      return 'not-read';
    } finally {
      close(file);
    }
  }

  async #keep(paths: readonly string[], contents: readonly (Buffer | LeftOut)[]): Promise<void> {
    const kept: Buffer[] = [];
    let bytes = this.#bytes;
    for (const [index, path] of paths.entries()) {
      const content = contents[index] ?? 'not-read';
      if (typeof content === 'string') this.#found.set(path, content);
      else if (bytes + content.length <= this.#bounds.maxBytes) {
        this.#found.set(path, { at: bytes, bytes: content.length });
        bytes += content.length;
        kept.push(content);
      } else this.#isFull = true;
    }
    if (kept.length === 0) return;
    await this.#target.writeFile(Buffer.concat(kept)); // where the last one has ended
    this.#bytes = bytes;
  }
}

function readAll(file: number, size: number): Promise<Buffer> {
  const content = Buffer.allocUnsafe(size);
  return new Promise((resolve, reject) => {
    read(file, content, 0, size, 0, (error, bytes) => (error ? reject(error) : resolve(content.subarray(0, bytes))));
  });
}

function branchOf(files: ReadonlyMap<string, ListedFile>): Branch {
  const root: Branch = { files: new Map(), directories: new Map() };
  for (const [path, listed] of files) {
    const steps = path.split('/');
    if (steps.some((step) => WAYS_OUT.includes(step))) continue;
    const name = steps.pop() ?? '';
    let branch = root;
    for (const step of steps) {
      let next = branch.directories.get(step);
      if (!next) {
        next = { files: new Map(), directories: new Map() };
        branch.directories.set(step, next);
      }
      branch = next;
    }
    branch.files.set(name, listed);
  }
  return root;
}
