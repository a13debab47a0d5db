import type { RunOutcome, WorkspaceReport } from '../../contract/outcome.ts';
import type { TokenUsage } from '../../contract/usage.ts';
import { linesOfError, tellError } from '../error-view.ts';
import type { Outlet } from '../outlet.ts';
import type { Screen } from '../terminal/screen.ts';
import type { Style } from '../terminal/style.ts';
import { count, duration, printableName, shortPath } from '../terminal/text.ts';

const MAX_FILES = 20;
const MAX_RULE = 60;
const SIGNS = { added: '+', modified: '~', deleted: '-' };

export interface EndOptions {
  readonly screen: Screen;
  readonly style: Style;
  readonly complaints: Outlet;
}

/** Shows how a run has ended; what has never begun needs no summary. */
export function showEnd(runId: string, outcome: RunOutcome, { screen, style, complaints }: EndOptions): void {
  screen.rest();
  if (outcome.error && !outcome.threadId) tellError(outcome.error, complaints);
  else showSummary(runId, outcome, screen, style);
}

/** The last lines of a run: how it ended, what it took, its id, and where its work is. */
export function showSummary(runId: string, outcome: RunOutcome, screen: Screen, style: Style): void {
  const { status, durationMs, usage, turns, workspace, error } = outcome;
  screen.rest();
  screen.line(style.quiet('─'.repeat(Math.min(MAX_RULE, screen.width))));
  const verdicts = {
    done: style.good('✓ done'),
    failed: style.bad('✗ failed'),
    cancelled: style.warn('■ cancelled'),
  };
  const took = [duration(durationMs), `${turns} ${turns === 1 ? 'turn' : 'turns'}`, tokens(usage)];
  screen.line([verdicts[status], ...took].join(' · '));
  screen.line(style.quiet(`  run  ${runId}`));
  if (error) for (const line of linesOfError(error, style)) screen.line(`  ${line}`);
  if (workspace) showWorkspace(workspace, screen, style);
}

function tokens({ total, input, cached, output }: TokenUsage): string {
  if (total === 0) return 'no tokens';
  return `${count(total)} tokens (${count(input)} in, ${count(cached)} of them cached, ${count(output)} out)`;
}

function showWorkspace(workspace: WorkspaceReport, screen: Screen, style: Style): void {
  const { changes, isPartial, branch, commit, kind, path, repository } = workspace;
  for (const file of changes.slice(0, MAX_FILES)) screen.line(`  ${SIGNS[file.change]} ${printableName(file.path)}`);
  const more = changes.length - MAX_FILES;
  if (more > 0) screen.line(style.quiet(`  … and ${more} more`));
  if (isPartial) screen.line(style.quiet('  (there are more files here than are compared)'));
  if (changes.length === 0) screen.line(style.quiet('  no file changed in the workspace'));
  if (branch) {
    screen.line(`  on branch ${style.strong(printableName(branch))} as commit ${commit?.slice(0, 12)}`);
    if (repository) screen.line(`  of ${style.place(printableName(shortPath(repository)))}`);
  } else if (kind !== 'worktree') {
    screen.line(`  in ${style.place(printableName(shortPath(path)))}`);
  }
}
