import { compareWithStart } from '../changes/comparison.ts';
import { clearEnd, hasEnd, keepEnd, scratchDirectory } from '../changes/end.ts';
import { readStart, writeStart } from '../changes/start.ts';
import type { WorkspaceReport } from '../contract/outcome.ts';
import { fromUnknown } from '../errors.ts';
import { quote } from '../hosts/quote.ts';
import type { RunContext } from '../task/context.ts';
import { type WatchedChanges, WorkspaceWatch } from './changes.ts';
import type { Workspace } from './workspace.ts';

/** Brings a workspace to its end: what changed is listed, a worktree becomes a commit, what Codex left is removed. */
export class WorkspaceSettlement {
  readonly #context: RunContext;
  readonly #workspace: Workspace;
  readonly #title: string;
  #watch: WorkspaceWatch | undefined;
  #hasBegun = false;
  /** The state before is written down. */
  #isRecorded = false;
  #isSettled = false;
  #isDiscarded = false;
  #report: WorkspaceReport;

  constructor(context: RunContext, workspace: Workspace, title: string) {
    this.#context = context;
    this.#workspace = workspace;
    this.#title = title;
    this.#report = { path: workspace.path, kind: workspace.kind, changes: [], isPartial: false };
  }

  /** Begins to look at the workspace, and to keep what is in it, which takes its time: nothing may be written there until `begin`. */
  look(): WorkspaceWatch {
    const { host, directories } = this.#context;
    this.#watch ??= new WorkspaceWatch({ host, path: this.#workspace.path, directory: directories.run });
    return this.#watch;
  }

  /**
   * The agent may write from now on. Resolves when the state before that is known, and written down for a process that
   * has to go on with the run; where one before us has done so, that is what counts.
   */
  async begin(): Promise<void> {
    if (!this.#isRecorded && !(await this.#readRecord())) {
      const { host, directories } = this.#context;
      const { start, absent } = await this.look().ready();
      // What an attempt before has come to is not what this one comes to.
      if (directories.kept !== undefined) await clearEnd(host, directories.kept);
      await writeStart(host, directories.run, start, absent);
    }
    this.#isRecorded = true;
    this.#hasBegun = true;
  }

  /** Another process has worked on the run: nothing is taken back any more, for the agent may have written already. */
  async resume(): Promise<void> {
    this.#hasBegun = true;
    this.#isRecorded = await this.#readRecord();
    if (!this.#isRecorded) this.look();
  }

  /** Another process has settled it; a fresh one that is gone it has discarded. */
  async settledBefore(report: WorkspaceReport): Promise<void> {
    this.#report = report;
    this.#isSettled = true;
    this.#isDiscarded = report.kind === 'fresh' && !(await this.#context.host.exists(report.path));
  }

  /** What is known of the end so far; undefined when there is no workspace any more. */
  get report(): WorkspaceReport | undefined {
    return this.#isDiscarded ? undefined : this.#report;
  }

  /**
   * To be called once nothing of the run is alive any more. Gives what a process that goes on with the run has to know of
   * it. Throws `git-failed` when the work can't be committed.
   */
  async settle(): Promise<WorkspaceReport> {
    if (!this.#isSettled) await (this.#hasBegun ? this.#finish() : this.#discard());
    return this.#report;
  }

  async #finish(): Promise<void> {
    const { worktree } = this.#workspace;
    const watch = this.look();
    await watch.removeLeftovers();
    const { now, ...told } = await watch.changes();
    this.#report = { ...this.#report, ...told };
    await this.#keepEnd(now);
    if (!worktree) return;
    const { keptBecause, ...kept } = await worktree.finish(this.#title, this.#context.runId);
    this.#report = { ...this.#report, repository: worktree.repository, ...kept };
    if (keptBecause) {
      const message = `the worktree ${worktree.path} stays, since ${keptBecause}`;
      this.#context.emit({
        type: 'notice',
        level: 'warning',
        message,
        remedy: `git -C ${quote(worktree.repository)} worktree remove --force ${quote(worktree.path)}`,
      });
    }
  }

  /**
   * Keeps how what changed has changed, for whoever looks when the workspace is another, or gone. One that a process before
   * us has kept counts: it may have died with the worktree half removed. The run does not fail for want of it.
   */
  async #keepEnd(now: WatchedChanges['now']): Promise<void> {
    const { host, directories } = this.#context;
    if (directories.kept === undefined) return;
    try {
      if (await hasEnd(host, directories.kept)) return;
      const { start } = await this.look().ready();
      const place = { host, workspace: this.#workspace.path, scratch: scratchDirectory(directories.data) };
      await keepEnd(host, directories.kept, await compareWithStart({ ...place, start, now }));
    } catch (thrown) {
      const { message } = fromUnknown(thrown);
      this.#context.emit({
        type: 'notice',
        level: 'warning',
        message: `how the files of the workspace have changed could not be kept: ${message}`,
      });
    }
  }

  /** Nobody has worked in it: what was made for the run is of no use to anybody. */
  async #discard(): Promise<void> {
    await this.#watch?.ready().catch(() => {}); // it writes where things are about to be removed
    const { kind, path, worktree } = this.#workspace;
    if (kind === 'directory') return;
    if (worktree) await worktree.discard();
    else await this.#context.host.removeDirectory(path);
    this.#isDiscarded = true;
  }

  /** Takes over what another process has written down of the state before; false when there is nothing. */
  async #readRecord(): Promise<boolean> {
    const { host, directories } = this.#context;
    const known = await readStart(host, directories.run, {
      unreadable: ({ message }) =>
        this.#context.emit({
          type: 'notice',
          level: 'warning',
          message: `what the workspace was like at the start cannot be read, so that changes are told from now on: ${message}`,
        }),
    });
    if (!known) return false;
    this.#watch = new WorkspaceWatch({ host, path: this.#workspace.path, directory: directories.run, known });
    return true;
  }
}
