import { changedFiles } from '../changes/changed-files.ts';
import { keepStart, listWorkspace, type Start } from '../changes/start.ts';
import type { ChangedFile } from '../contract/outcome.ts';
import type { FileListing, Host } from '../hosts/host.ts';

/** Codex leaves these empty directories behind, where its sandbox had put something over them. */
const LEFTOVERS = ['.agents', '.codex', '.git', '.aws'];

export interface WatchOptions {
  readonly host: Host;
  /** The workspace; real, links resolved. */
  readonly path: string;
  /** The private directory of the run, where what the files hold is kept. */
  readonly directory: string;
  /** What there was, where a process before us has written it down. */
  readonly known?: KnownStart | undefined;
}

/** What a workspace was like at the start, and which directories it did not have. */
export interface KnownStart {
  readonly start: Start;
  readonly absent: readonly string[];
}

/** What has become of a workspace since the start of a run. */
export interface WatchedChanges {
  readonly changes: ChangedFile[];
  readonly isPartial: boolean;
  /** What is there now. */
  readonly now: FileListing;
}

/** What a workspace looked like, so that it can be told what has become of it. */
export class WorkspaceWatch {
  readonly #host: Host;
  readonly #path: string;
  readonly #before: Promise<Start>;
  readonly #absent: Promise<readonly string[]>;

  /** Begins to look at once, unless it is known what there was; nothing may be written there until `ready`. */
  constructor({ host, path, directory, known }: WatchOptions) {
    this.#host = host;
    this.#path = path;
    this.#before = known ? Promise.resolve(known.start) : keepStart(host, path, directory);
    this.#absent = known ? Promise.resolve(known.absent) : this.#absentLeftovers();
    for (const look of [this.#before, this.#absent]) look.catch(() => {}); // whoever waits for it is told
  }

  /** What the workspace looked like, once that is known. */
  async ready(): Promise<KnownStart> {
    const [start, absent] = await Promise.all([this.#before, this.#absent]);
    return { start, absent };
  }

  /** The files that are not as they were, as far as that is known for certain. */
  async changes(): Promise<WatchedChanges> {
    const [before, now] = await Promise.all([this.#before, listWorkspace(this.#host, this.#path)]);
    return { changes: changedFiles(before, now), isPartial: before.isPartial || now.isPartial, now };
  }

  /** Removes the empty directories that Codex's sandbox left and that were not there before. */
  async removeLeftovers(): Promise<void> {
    const left: string[] = [];
    for (const name of await this.#absent) {
      if (await this.#host.exists(`${this.#path}/${name}`)) left.push(name);
    }
    // `rmdir` takes only what is empty, and no link.
    if (left.length > 0) await this.#host.run(['rmdir', '--', ...left], { cwd: this.#path, anyExitCode: true });
  }

  async #absentLeftovers(): Promise<readonly string[]> {
    const exist = await Promise.all(LEFTOVERS.map((name) => this.#host.exists(`${this.#path}/${name}`)));
    return LEFTOVERS.filter((_, index) => !exist[index]);
  }
}
