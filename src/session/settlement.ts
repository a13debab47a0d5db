import type { WorkspaceReport } from '../contract/outcome.ts';
import type { RunContext } from '../task/context.ts';
import { WorkspaceWatch } from './changes.ts';
import type { Workspace } from './workspace.ts';

/** Brings a workspace to its end: what changed is listed, a worktree becomes a commit, what Codex left is removed. */
export class WorkspaceSettlement {
  readonly #context: RunContext;
  readonly #workspace: Workspace;
  readonly #watch: WorkspaceWatch;
  readonly #title: string;
  #hasBegun = false;
  #report: WorkspaceReport;

  constructor(context: RunContext, workspace: Workspace, title: string) {
    this.#context = context;
    this.#workspace = workspace;
    this.#watch = new WorkspaceWatch(context.host, workspace.path);
    this.#title = title;
    this.#report = { path: workspace.path, kind: workspace.kind, changes: [], isPartial: false };
  }

  /** The agent may write from now on. Resolves when the state before that is known. */
  async begin(): Promise<void> {
    await this.#watch.ready();
    this.#hasBegun = true;
  }

  /** What is known of the end so far. */
  get report(): WorkspaceReport {
    return this.#report;
  }

  /** To be called once nothing of the run is alive any more. Throws `git-failed` when the work can't be committed. */
  async settle(): Promise<void> {
    const { worktree } = this.#workspace;
    if (!this.#hasBegun) {
      await worktree?.discard();
      return;
    }
    await this.#watch.removeLeftovers();
    this.#report = { ...this.#report, ...(await this.#watch.changes()) };
    if (!worktree) return;
    const { keptBecause, ...kept } = await worktree.finish(this.#title, this.#context.runId);
    this.#report = { ...this.#report, ...kept };
    if (keptBecause) {
      const message = `the worktree ${worktree.path} stays, since ${keptBecause}`;
      this.#context.emit({
        type: 'notice',
        level: 'warning',
        message,
        remedy: `git -C '${worktree.repository}' worktree remove --force '${worktree.path}'`,
      });
    }
  }
}
