import type { RunContext } from '../task/context.ts';
import type { PreparedRecord } from './checkpoint.ts';
import type { SessionConfig } from './config.ts';
import { killSession, sweepSession } from './leftovers.ts';
import { deferRemoval, deferSettlement, type Kept, type PrepareOptions, saveLeft } from './prepared.ts';
import { discardWorkspace, retakeWorkspace } from './workspace.ts';

/** Finds again what another process has prepared for this run, to go on with it. */
export async function prepareAgain(options: PrepareOptions, record: PreparedRecord): Promise<Kept> {
  const { context, config } = options;
  const { instructions: text = '', commandHome, access } = record;
  deferRemoval(options, commandHome);
  const workspace = await retakeWorkspace(context, record.workspace, config.sandbox === 'read-only');
  return {
    ...record,
    workspace,
    settlement: deferSettlement(options, workspace),
    instructions: { text, guides: [], warnings: [] },
    access: { ...access, warnings: [] },
  };
}

/** What of it another process needs to go on. */
export function toPreparedRecord(prepared: Kept): PreparedRecord {
  const { workspace, access, codexHome, commandHome, configText, lentText, configBefore, instructions } = prepared;
  const { path, kind, gitRoot, worktree } = workspace;
  const { denied, missing, writable, readable } = access;
  return {
    workspace: { path, kind, gitRoot, worktree: worktree?.record },
    codexHome,
    commandHome,
    access: { denied: [...denied], missing: [...missing], writable: [...writable], readable: [...readable] },
    instructions: instructions.text,
    configText,
    lentText,
    ...(configBefore !== undefined && { configBefore }),
  };
}

/**
 * Removes what a process has left that died in the middle of its preparations. Codex was not started by then, or was
 * not used, so that nothing of anybody's work is in it.
 */
export async function discardLeftovers(context: RunContext, config: SessionConfig): Promise<void> {
  if (!(await context.host.exists(context.directories.run))) return;
  await killSession(context);
  await saveLeft(context, config);
  if (!('directory' in config.workspace)) await discardWorkspace(context, config.workspace);
  await sweepSession(context);
}
