import { relative, resolve } from 'node:path';
import type { WorkspaceReport } from '../contract/outcome.ts';
import type { OpenedFile, WorkspaceListing } from '../contract/workspace-file.ts';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import type { Store } from '../store/store.ts';
import { readEvents } from './event-tail.ts';
import { zipDirectory } from './workspace-zip.ts';

/** How many entries of a directory are listed. */
const MAX_ENTRIES = 10_000;
/** How much of a file crosses the API, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Of how many runs it is remembered where they work. */
const MAX_KNOWN = 1_000;

export interface WorkspaceFilesOptions {
  readonly store: Pick<Store, 'runs' | 'journal'>;
  readonly host: Host;
}

/**
 * The files of workspaces, for whoever looks on. Agents write there meanwhile, so that nothing is reached through a link.
 * Each method throws `not-found`, `path-refused`, and `conversation-not-ready` for a run that has no workspace yet.
 */
export class WorkspaceFiles {
  readonly #options: WorkspaceFilesOptions;
  readonly #known = new Map<string, string>();

  constructor(options: WorkspaceFilesOptions) {
    this.#options = options;
  }

  /** A directory, the workspace itself unless told otherwise; 10,000 entries of it at most. */
  async list(runId: string, path = ''): Promise<WorkspaceListing> {
    const { path: workspace, branch } = await this.workspaceOf(runId);
    const listing = await this.#options.host.listInside(workspace, path, MAX_ENTRIES);
    if (!listing) throw absent(path === '' ? workspace : path, branch);
    const directory = relative(workspace, resolve(workspace, path));
    const entries = listing.entries.map(({ modifiedAt, ...entry }) => ({
      ...entry,
      path: directory === '' ? entry.name : `${directory}/${entry.name}`,
      modifiedAt: modifiedAt.toISOString(),
    }));
    return { workspace, path: directory, entries, isPartial: listing.isPartial };
  }

  /** A file, whole. Throws `message-too-large` for one of more than 64 MiB. */
  async read(runId: string, path: string): Promise<Uint8Array> {
    const { path: workspace, branch } = await this.workspaceOf(runId);
    const content = await this.#options.host.readInside(workspace, path, { maxBytes: MAX_BYTES + 1 });
    if (!content) throw absent(path, branch);
    refuseLarge(path, content.length);
    return content;
  }

  /** The same, piece by piece. */
  async open(runId: string, path: string): Promise<OpenedFile> {
    const { path: workspace, branch } = await this.workspaceOf(runId);
    const file = await this.#options.host.openInside(workspace, path);
    if (!file) throw absent(path, branch);
    if (file.size > MAX_BYTES) await file.close();
    refuseLarge(path, file.size);
    return file;
  }

  /** A directory, the workspace itself unless told otherwise, as a zip; see `zipDirectory`. */
  async *download(runId: string, path = ''): AsyncIterable<Uint8Array> {
    const { path: workspace, branch } = await this.workspaceOf(runId);
    const zip = await zipDirectory(this.#options.host, workspace, path);
    if (!zip) throw absent(path === '' ? workspace : path, branch);
    yield* zip;
  }

  /** Puts a file there; one that is there is replaced. Throws `message-too-large` for one of more than 64 MiB. */
  async write(runId: string, path: string, content: Uint8Array): Promise<void> {
    refuseLarge(path, content.length);
    const { path: workspace } = await this.workspaceOf(runId);
    await this.#options.host.writeInside(workspace, path, content);
  }

  /** It is the same in all of its attempts: the first session that has one tells it. */
  async workspaceOf(runId: string): Promise<Pick<WorkspaceReport, 'path' | 'branch'>> {
    const { runs, journal } = this.#options.store;
    const run = await runs.find(runId);
    if (!run)
      throw new OptioError('not-found', `there is no run ${runId}`, { remedy: 'Look for it in the list of runs.' });
    if (run.outcome?.workspace) return run.outcome.workspace;
    const path = this.#known.get(runId) ?? (await findTold(journal, runId));
    if (path !== undefined) {
      if (this.#known.size >= MAX_KNOWN) this.#known.clear();
      this.#known.set(runId, path);
      return { path };
    }
    if (run.outcome) {
      throw new OptioError('not-found', `the run ${runId} has had no workspace`, {
        remedy: 'It ended before it had one: its outcome says why.',
      });
    }
    throw new OptioError('conversation-not-ready', `the run ${runId} has no workspace yet`, {
      remedy: 'It has one once it is running.',
    });
  }
}

async function findTold(journal: Store['journal'], runId: string): Promise<string | undefined> {
  for await (const event of readEvents(journal, runId, 0)) {
    if (event.type === 'session.started') return event.workspace.path;
  }
  return undefined;
}

function absent(path: string, branch: string | undefined): OptioError {
  return new OptioError('not-found', `there is no ${path}, or a link or something else is in its place`, {
    remedy: branch
      ? `The work of this run is on the branch ${branch}.`
      : `Look into the directory above it. Where ${path} leads over a link, give the path that the link leads to.`,
  });
}

function refuseLarge(path: string, bytes: number): void {
  if (bytes <= MAX_BYTES) return;
  throw new OptioError('message-too-large', `${path} has more than ${MAX_BYTES} bytes`, {
    remedy: 'Copy it on the machine itself.',
  });
}
