import { z } from 'zod';
import type { ChangedFile } from '../contract/outcome.ts';
import type { FileListing, Host } from '../hosts/host.ts';

/** Not what people call the files of a project, and often very many. */
const SKIPPED = ['.git', 'node_modules', '.venv', '__pycache__'];
const MAX_FILES = 50_000;
/** Codex leaves these empty directories behind, where its sandbox had put something over them. */
const LEFTOVERS = ['.agents', '.codex', '.git', '.aws'];

/** What a workspace looked like, so that it can be told what has become of it. */
export class WorkspaceWatch {
  readonly #host: Host;
  readonly #path: string;
  readonly #before: Promise<FileListing>;
  readonly #absent: Promise<readonly string[]>;

  /** Begins to look at once, unless a record says what there was; nothing may be written there until `ready`. */
  constructor(host: Host, path: string, record?: string) {
    this.#host = host;
    this.#path = path;
    const known = record === undefined ? undefined : readRecord(record);
    this.#before = known ? Promise.resolve(known.before) : this.#list();
    this.#absent = known ? Promise.resolve(known.absent) : this.#absentLeftovers();
  }

  async ready(): Promise<void> {
    await Promise.all([this.#before, this.#absent]);
  }

  /** What the workspace looked like, for another process to go on with. */
  async record(): Promise<string> {
    const [{ files, isPartial }, absent] = await Promise.all([this.#before, this.#absent]);
    return JSON.stringify({ files: [...files], isPartial, absent });
  }

  /** The files that are not as they were, as far as that is known for certain. */
  async changes(): Promise<{ changes: ChangedFile[]; isPartial: boolean }> {
    const [before, after] = await Promise.all([this.#before, this.#list()]);
    const changes: ChangedFile[] = [];
    for (const [path, fingerprint] of after.files) {
      const was = before.files.get(path);
      if (was === fingerprint || (was === undefined && before.isPartial)) continue;
      changes.push({ path, change: was === undefined ? 'added' : 'modified' });
    }
    for (const path of before.files.keys()) {
      if (!after.files.has(path) && !after.isPartial) changes.push({ path, change: 'deleted' });
    }
    changes.sort((a, b) => (a.path < b.path ? -1 : 1));
    return { changes, isPartial: before.isPartial || after.isPartial };
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

  #list(): Promise<FileListing> {
    return this.#host.listFiles(this.#path, { skip: SKIPPED, limit: MAX_FILES });
  }
}

const recordSchema = z.object({
  files: z.array(z.tuple([z.string(), z.string()])),
  isPartial: z.boolean(),
  absent: z.array(z.string()),
});

function readRecord(text: string): { before: FileListing; absent: readonly string[] } {
  const { files, isPartial, absent } = recordSchema.parse(JSON.parse(text));
  return { before: { files: new Map(files), isPartial }, absent };
}
