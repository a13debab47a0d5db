import { join } from 'node:path';
import { type Comparison, compareWithStart } from '../changes/comparison.ts';
import { type End, keptDirectory, readEnd, scratchDirectory } from '../changes/end.ts';
import { RecordMemory } from '../changes/record.ts';
import { readStart, type Start } from '../changes/start.ts';
import { cutDiff, unifiedDiff } from '../changes/unified.ts';
import type { WorkspaceReport } from '../contract/outcome.ts';
import { wantedPaths } from '../contract/wanted-paths.ts';
import type { WorkspaceChanges, WorkspaceDiff } from '../contract/workspace-change.ts';
import type { Host } from '../hosts/host.ts';
import type { Store } from '../store/store.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/** How much of a diff crosses the API, in characters: of one file, and of all that was asked for. */
const MAX_FILE = 1024 * 1024;
const MAX_DIFF = 8 * 1024 * 1024;
/** Of how many runs it is remembered what came of the last look. */
const MAX_KNOWN = 4;
/** How many workspaces are compared at the same time. */
const MAX_AT_ONCE = 2;

export interface WorkspaceDiffsOptions {
  readonly store: Pick<Store, 'runs'>;
  readonly host: Host;
  readonly files: Pick<WorkspaceFiles, 'workspaceOf'>;
  /** Where everything of ours is. */
  readonly data: string;
}

const UNKNOWN = 'What the workspace held at the start is not known, or not yet.';

type Found = End & Pick<WorkspaceChanges, 'at'>;

/**
 * What of workspaces differs from the start of their runs: as they are while a run goes on, and as they were when it ended. Each
 * method throws `not-found`, and `conversation-not-ready` for a run that has no workspace yet.
 */
export class WorkspaceDiffs {
  readonly #options: WorkspaceDiffsOptions;
  /** What came of the last look, by run: most files are as they were then. */
  readonly #known = new Map<string, Comparison>();
  /** Who asks while a workspace is looked at is told what comes of that. */
  readonly #underWay = new Map<string, Promise<Comparison | undefined>>();
  readonly #memory = new RecordMemory();
  readonly #waiting: (() => void)[] = [];
  #atWork = 0;

  constructor(options: WorkspaceDiffsOptions) {
    this.#options = options;
  }

  /** Every file that differs. */
  async list(runId: string): Promise<WorkspaceChanges> {
    const { at, files, isPartial, note } = await this.#find(runId, () => false);
    return { base: 'start', at, files: files.map(({ change }) => change), isPartial, note };
  }

  /** What differs as a unified diff: of one file, of what lies below a directory, or of everything; 8 MiB of it at most. */
  async read(runId: string, path?: string): Promise<WorkspaceDiff> {
    const isWanted = wantedPaths(path === undefined ? [] : [path]);
    const { at, files } = await this.#find(runId, isWanted);
    const parts: string[] = [];
    let size = 0;
    let isCut = false;
    for (const { change, hunks } of files) {
      if (!isWanted(change.path) && !(change.from !== undefined && isWanted(change.from))) continue;
      const file = cutDiff(unifiedDiff(change, hunks), MAX_FILE);
      const part = cutDiff(file.diff, MAX_DIFF - size);
      isCut ||= file.isCut || part.isCut;
      parts.push(part.diff);
      size += part.diff.length;
      if (part.isCut) break;
    }
    return { base: 'start', at, diff: parts.join(''), isCut };
  }

  async #find(runId: string, isWanted: (path: string) => boolean): Promise<Found> {
    const { store, host, files, data } = this.#options;
    const kept = keptDirectory(data, runId);
    const { path } = await files.workspaceOf(runId);
    for (let tries = 0; ; tries++) {
      const end = await readEnd(host, kept, isWanted, this.#memory);
      if (end) {
        this.#known.delete(runId);
        return { ...end, at: 'end' };
      }
      const workspace = (await store.runs.find(runId))?.outcome?.workspace;
      if (workspace) return namesOf(workspace);
      const now = await this.#look(runId, path).catch((error: unknown) => {
        if (tries > 0) throw error; // otherwise it may have ended meanwhile, and what was kept with it
        return undefined;
      });
      if (now) return { ...now, at: 'now' };
      if (tries > 0) return { files: [], isPartial: false, note: UNKNOWN, at: 'now' };
    }
  }

  #look(runId: string, workspace: string): Promise<Comparison | undefined> {
    const looked =
      this.#underWay.get(runId) ?? this.#compare(runId, workspace).finally(() => this.#underWay.delete(runId));
    this.#underWay.set(runId, looked);
    return looked;
  }

  async #compare(runId: string, workspace: string): Promise<Comparison | undefined> {
    if (this.#atWork >= MAX_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#atWork++;
    try {
      const { host, data } = this.#options;
      const start = await this.#startOf(runId);
      if (!start) return undefined;
      const known = this.#known.get(runId)?.known;
      const comparison = await compareWithStart({ host, workspace, start, scratch: scratchDirectory(data), known });
      this.#known.delete(runId);
      for (const oldest of [...this.#known.keys()].slice(0, this.#known.size - MAX_KNOWN + 1))
        this.#known.delete(oldest);
      this.#known.set(runId, comparison);
      return comparison;
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#atWork--;
    }
  }

  async #startOf(runId: string): Promise<Start | undefined> {
    const { host, data } = this.#options;
    return (await readStart(host, join(data, 'runs', runId), { memory: this.#memory }))?.start;
  }
}

/** All that is known of the end of a run by an older version, or of one whose end could not be kept. */
function namesOf({ changes, isPartial }: WorkspaceReport): Found {
  const files = changes.map(({ path, change }) => ({
    change: { path, change, added: null, removed: null, without: 'not-kept' as const },
    hunks: '',
  }));
  const note =
    'How the files had changed when the run ended was not kept, or cannot be read, so that they can only be named.';
  return { at: 'end', files, isPartial, note: files.length > 0 ? note : null };
}
