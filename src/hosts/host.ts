import type { Readable, Writable } from 'node:stream';
import type { DirectoryListing } from './directory-listing.ts';

/** How a command on a host ended. */
export interface RunResult {
  readonly command: readonly string[];
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** An output was longer than was asked for; its beginning is there. */
  readonly isTruncated: boolean;
  readonly durationMs: number;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** The environment of the command, and all of it but the mark of its children; an allow-listed one unless given. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the command reads on stdin; nothing unless given. */
  readonly input?: string;
  /** How long the command may take, in milliseconds (60,000; 2^31 - 1 at most); beyond it, it and its children are killed. */
  readonly deadlineMs?: number;
  /** How much of each output is kept, in bytes (1 MiB). */
  readonly maxOutputBytes?: number;
  /** Accept any exit code; otherwise one that is not 0 throws `HostCommandError`. */
  readonly anyExitCode?: boolean;
  readonly signal?: AbortSignal;
}

/** Which process it is: a pid alone is used again by others. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the host's own units since its boot; null where the host cannot tell. */
  readonly startTime: number | null;
  /** Which boot of the host; pids before another are void. */
  readonly bootId: string;
}

/** What tells a process of ours from all others, in its environment. */
export interface ProcessMark {
  /** A variable that all descendants inherit. */
  readonly name: string;
  readonly value: string;
  /** A directory that only they have in their PATH, for those that are started with a cleared environment. */
  readonly pathEntry?: string;
}

export interface ProcessSpec {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** `streams`: ends with us, and we talk over its streams. A file: lives on without us, and its output goes there. */
  readonly output: 'streams' | { readonly file: string };
  /** By which its descendants are found when their parents are gone. */
  readonly mark?: ProcessMark;
}

/** What has to be known of a process that was started before, besides which one it is. */
export type AdoptSpec = Pick<ProcessSpec, 'mark'> & { readonly output: { readonly file: string } };

/** A process that we have started and that we have to end. */
export interface HostProcess {
  readonly identity: ProcessIdentity;
  /** How it ended; resolves whenever it does. */
  readonly exited: Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** The last lines that it wrote to its file or to stderr. */
  stderrTail(): string;
  /** Ends it and everything it has started; see `stopProcess`. */
  stop(): Promise<StopReport>;
}

/** How a process was brought to its end. */
export interface StopReport {
  /** What it took: nothing, an end of its input, or a signal. */
  readonly by: 'exit' | 'input' | 'SIGTERM' | 'SIGKILL';
  /** How many descendants were still alive after it and had to be killed. */
  readonly swept: number;
}

export interface HostDescription {
  readonly platform: string;
  readonly arch: string;
  readonly hostname: string;
  readonly user: string;
  readonly uid: number;
  /** The groups of the user, its own among them. */
  readonly gids: readonly number[];
  readonly home: string;
  readonly bootId: string;
}

export interface WriteOptions {
  /** 0600 unless told otherwise. */
  readonly mode?: number;
  /** Wait until it is on the disk (true unless told otherwise). */
  readonly durable?: boolean;
}

export interface ReadOptions {
  /** How much of it to read (16 MiB unless told otherwise). */
  readonly maxBytes?: number;
  /** Which part of it, where it is larger; its start unless told otherwise. */
  readonly part?: 'start' | 'end';
}

export interface ListOptions {
  /** Names of directories that are not looked into, wherever they are. */
  readonly skip: readonly string[];
  /** How many files to list at most. */
  readonly limit: number;
}

/** Something in a directory that is no directory. */
export interface ListedFile {
  /** A text that differs whenever it has changed. */
  readonly fingerprint: string;
  /** What it is and who may do what with it, as `stat` has it. */
  readonly mode: number;
  /** In bytes. */
  readonly size: number;
}

export interface FileListing {
  /** By path relative to the root. */
  readonly files: ReadonlyMap<string, ListedFile>;
  /** There were more files than the limit. */
  readonly isPartial: boolean;
}

export interface CollectBounds {
  /** A file with more than this is left out, in bytes. */
  readonly maxFileBytes: number;
  /** How much is collected in all, in bytes. */
  readonly maxBytes: number;
  /** How long it may take, in milliseconds; what has not been read by then is left out. */
  readonly deadlineMs: number;
}

/** Where the content of a file is among what was collected, in bytes. */
export interface CollectedPlace {
  readonly at: number;
  readonly bytes: number;
}

/** Why the content of a file was left out: nobody reads it as text, it is too large, or there was too much of all, or something else in its place. */
export type LeftOut = 'binary' | 'too-large' | 'not-read';

/** By path, where its content is, or why it is nowhere. */
export type Collection = ReadonlyMap<string, CollectedPlace | LeftOut>;

/** A file that is read piece by piece. It stays open until it is closed, which may be said more than once. */
export interface OpenFile {
  /** In bytes, when it was opened. */
  readonly size: number;
  /** So much of it, as it is when it is read. */
  readonly pieces: AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** A place where commands run: this machine, or one behind SSH. Paths are the host's own. */
export interface Host {
  /** By which limits, records and people know it. */
  readonly name: string;
  /** Its paths are those of this process. */
  readonly isLocal: boolean;
  describe(): Promise<HostDescription>;
  /**
   * Says that an agent may write below a directory: from now on nothing that lies there is executed by its name alone,
   * neither by us nor by what we start.
   */
  distrust(directory: string): void;
  /** The parts of a PATH in which programs may be looked for: absolute ones, outside of what is distrusted. */
  searchPath(path: string | undefined): string;
  /** Runs a command to its end. Throws `HostCommandError` when it fails. */
  run(command: readonly [string, ...string[]], options?: CommandOptions): Promise<RunResult>;
  /** Starts a process that is to be ended by `stop`. */
  start(spec: ProcessSpec): Promise<HostProcess>;
  /** Takes over a process that lives on although whoever started it has died; undefined when it does not live any more. */
  adopt(identity: ProcessIdentity, spec: AdoptSpec): Promise<HostProcess | undefined>;
  /** Ends a process that somebody else has started, and everything that carries its mark; see `stopProcess`. */
  stop(identity: ProcessIdentity, mark: ProcessMark): Promise<StopReport>;
  /** Kills everything that carries a mark, and tells how many they were. */
  sweep(mark: ProcessMark): Promise<number>;
  /** A regular file, whole. Throws `not-found`, and `message-too-large` beyond the limit (16 MiB by default). */
  readFile(path: string, options?: { maxBytes?: number }): Promise<Buffer>;
  /** Writes a file so that it is there whole or not at all. The mode is 0600 unless told otherwise. */
  writeFile(path: string, data: string | Buffer, options?: WriteOptions): Promise<void>;
  /** Makes a directory and those above it; the mode (0700 unless told otherwise) is for new ones. */
  makeDirectory(path: string, options?: { mode?: number }): Promise<void>;
  /** Where a path inside `root` really is. Throws `path-refused` when it leads out, by `..` or by a link. */
  resolveInside(root: string, path: string): Promise<string>;
  /**
   * Reads a regular file below `root`, a real path, without following any link. Undefined when there is none. Throws
   * `path-refused` for one that leads out.
   */
  readInside(root: string, path: string, options?: ReadOptions): Promise<Buffer | undefined>;
  /** Opens one in the same way, for whoever does not want all of it in memory. */
  openInside(root: string, path: string): Promise<OpenFile | undefined>;
  /** Lists a directory below `root`, or `root` itself, in the same way. `limit`: how many entries at most. */
  listInside(root: string, path: string, limit: number): Promise<DirectoryListing | undefined>;
  /**
   * Puts a file below `root`, a real path, without following any link: whole or not at all, for everybody to read and nobody
   * to execute. Makes the directories on the way. Throws `not-found` when there is no `root`, and `path-refused` for what is
   * git's own, what leads out, and where something else than a file is.
   */
  writeInside(root: string, path: string, data: Uint8Array): Promise<void>;
  /** Copies what a directory holds into another, which is there already; links are copied as links. */
  copyDirectory(from: string, to: string): Promise<void>;
  /** Renames, in one step, within one file system. False when something is there already. */
  move(from: string, to: string): Promise<boolean>;
  exists(path: string): Promise<boolean>;
  /**
   * Calls as soon as something in a directory may have changed, where the host can tell; the result ends it. Changes may be
   * missed: whoever must not miss one looks by himself, too.
   */
  watch(directory: string, onChange: () => void): () => void;
  /** A text that differs whenever what is there has changed; undefined when there is nothing. */
  fingerprint(path: string): Promise<string | undefined>;
  /** The path with its links resolved; undefined when there is nothing. */
  realPath(path: string): Promise<string | undefined>;
  /** The files below a directory, without following links. */
  listFiles(root: string, options: ListOptions): Promise<FileListing>;
  /**
   * Copies what these files below `root`, a real path, hold into one file, which is made for it, outside of `root`. Reads nothing
   * but regular files of text, and follows no link: whatever somebody puts in the place of what was listed.
   */
  collectFiles(
    root: string,
    files: ReadonlyMap<string, ListedFile>,
    into: string,
    bounds: CollectBounds,
  ): Promise<Collection>;
  /** What lies at these places of such a file. Throws `not-found`. */
  readCollected(path: string, places: readonly CollectedPlace[]): Promise<Buffer[]>;
  /** Removes a directory with all it holds, but nothing that is mounted there and nothing behind a link. */
  removeDirectory(path: string): Promise<void>;
}
