import type { RunOutcome } from '../contract/outcome.ts';
import type { Screen } from './screen.ts';
import type { Style } from './style.ts';
import { count, duration, printable, shortPath } from './text.ts';

const MAX_FILES = 20;
const SIGNS = { added: '+', modified: '~', deleted: '-' };

/** The last lines of a run: how it ended, what it took, and where its work is. */
export function showSummary(outcome: RunOutcome, screen: Screen, style: Style): void {
  const { usage, turns, workspace, error } = outcome;
  screen.rest();
  screen.line(style.quiet('─'.repeat(60)));
  const verdict = {
    done: style.good('✓ done'),
    failed: style.bad('✗ failed'),
    cancelled: style.warn('■ cancelled'),
  }[outcome.status];
  const took = `${duration(outcome.durationMs)} · ${turns} ${turns === 1 ? 'turn' : 'turns'}`;
  const tokens = `${count(usage.total)} tokens (${count(usage.input)} in, ${count(usage.cached)} of them cached, ${count(usage.output)} out)`;
  screen.line(`${verdict} · ${took} · ${tokens}`);
  if (error) {
    screen.line(style.bad(`  ${printable(error.message)}`));
    if (error.stderr) for (const line of printable(error.stderr).split('\n')) screen.line(style.quiet(`  │ ${line}`));
    if (error.remedy) screen.line(`  ${printable(error.remedy)}`);
    screen.line(style.quiet(`  (${error.code})`));
  }
  if (!workspace) return;
  for (const { path, change } of workspace.changes.slice(0, MAX_FILES)) {
    screen.line(`  ${SIGNS[change]} ${printable(path)}`);
  }
  const more = workspace.changes.length - MAX_FILES;
  if (more > 0) screen.line(style.quiet(`  … and ${more} more`));
  if (workspace.isPartial) screen.line(style.quiet('  (there are more files here than are compared)'));
  if (workspace.changes.length === 0) screen.line(style.quiet('  no file changed'));
  if (workspace.branch) {
    screen.line(`  on branch ${style.strong(printable(workspace.branch))} as commit ${workspace.commit?.slice(0, 12)}`);
  } else if (workspace.kind !== 'worktree') {
    screen.line(`  in ${style.place(printable(shortPath(workspace.path)))}`);
  }
}
