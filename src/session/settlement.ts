import { join } from 'node:path';
import type { WorkspaceReport } from '../contract/outcome.ts';
import { quote } from '../hosts/quote.ts';
import type { RunContext } from '../task/context.ts';
import { WorkspaceWatch } from './changes.ts';
import type { Workspace } from './workspace.ts';

/** 50,000 files with their names and fingerprints are some 10 MB. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;
/** The file in which what the workspace looked like is kept, in the private directory of the run. */
const BEFORE = 'before.json';

/** Brings a workspace to its end: what changed is listed, a worktree becomes a commit, what Codex left is removed. */
export class WorkspaceSettlement {
  readonly #context: RunContext;
  readonly #workspace: Workspace;
  readonly #title: string;
  #watch: WorkspaceWatch;
  #hasBegun = false;
  /** The state before is written down. */
  #isRecorded = false;
  #isSettled = false;
  #isDiscarded = false;
  #report: WorkspaceReport;

  constructor(context: RunContext, workspace: Workspace, title: string) {
    this.#context = context;
    this.#workspace = workspace;
    this.#watch = new WorkspaceWatch(context.host, workspace.path);
    this.#title = title;
    this.#report = { path: workspace.path, kind: workspace.kind, changes: [], isPartial: false };
  }

  /**
   * The agent may write from now on. Resolves when the state before that is known, and written down for a process that
   * has to go on with the run; where one before us has done so, that is what counts.
   */
  async begin(): Promise<void> {
    if (!this.#isRecorded && !(await this.#readRecord())) {
      const { host } = this.#context;
      await host.writeFile(this.#recordFile, await this.#watch.record(), { durable: false });
    }
    this.#isRecorded = true;
    this.#hasBegun = true;
  }

  /** Another process has worked on the run: nothing is taken back any more, for the agent may have written already. */
  async resume(): Promise<void> {
    this.#hasBegun = true;
    this.#isRecorded = await this.#readRecord();
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
    await this.#watch.removeLeftovers();
    this.#report = { ...this.#report, ...(await this.#watch.changes()) };
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

  /** Nobody has worked in it: what was made for the run is of no use to anybody. */
  async #discard(): Promise<void> {
    const { kind, path, worktree } = this.#workspace;
    if (kind === 'directory') return;
    if (worktree) await worktree.discard();
    else await this.#context.host.removeDirectory(path);
    this.#isDiscarded = true;
  }

  /** Takes over what another process has written down of the state before; false when there is nothing. */
  async #readRecord(): Promise<boolean> {
    const { host } = this.#context;
    if (!(await host.exists(this.#recordFile))) return false;
    const record = (await host.readFile(this.#recordFile, { maxBytes: MAX_RECORD_BYTES })).toString('utf8');
    this.#watch = new WorkspaceWatch(host, this.#workspace.path, record);
    return true;
  }

  get #recordFile(): string {
    return join(this.#context.directories.run, BEFORE);
  }
}
