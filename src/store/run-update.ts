import type { Selectable, Transaction } from 'kysely';
import type { RunState } from '../contract/outcome.ts';
import { toJson } from './json.ts';
import { closeRequests } from './requests.ts';
import type { RunTable, Schema } from './schema.ts';
import type { NewRun, RunChange } from './store.ts';

export interface RunUpdate {
  readonly runId: string;
  readonly claim: number;
  readonly change?: RunChange | undefined;
  readonly from?: readonly RunState[] | undefined;
  /** What the newest event was, and is now. */
  readonly lastSeq?: { readonly was: number; readonly is: number };
}

/** Changes a run that is still held under this claim, and in one of these states. False when it is not. */
export async function updateRun(
  transaction: Transaction<Schema>,
  { runId, claim, change = {}, from, lastSeq }: RunUpdate,
): Promise<boolean> {
  const values = { claim, ...toColumns(change), ...(lastSeq && { last_seq: lastSeq.is }) };
  let query = transaction.updateTable('runs').set(values).where('id', '=', runId).where('claim', '=', claim);
  if (lastSeq) query = query.where('last_seq', '=', lastSeq.was);
  if (from) query = query.where('state', 'in', from);
  const { numUpdatedRows } = await query.executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n) return false;
  if (change.endedAt) await end(transaction, runId, change.endedAt);
  return true;
}

/** Whoever ends a run says with that how long it is kept, that it works nowhere any more, and that it waits for nothing. */
async function end(transaction: Transaction<Schema>, runId: string, endedAt: string): Promise<void> {
  const { ttl_ms: ttlMs } = await transaction
    .selectFrom('runs')
    .select('ttl_ms')
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  await transaction.deleteFrom('workspaces').where('run_id', '=', runId).execute();
  await closeRequests(transaction, runId, endedAt);
  if (ttlMs === null) return;
  const expiresAt = new Date(Date.parse(endedAt) + ttlMs).toISOString();
  await transaction.updateTable('runs').set({ expires_at: expiresAt }).where('id', '=', runId).execute();
}

/** Whether a run is held so; it stays so until this transaction is over. */
export async function isHeld(
  transaction: Transaction<Schema>,
  runId: string,
  { claim, states }: NonNullable<NewRun['parent']>,
): Promise<boolean> {
  return updateRun(transaction, { runId, claim, from: states });
}

function toColumns(change: RunChange): Partial<Selectable<RunTable>> {
  const { notBefore, startedAt, endedAt, expiresAt, cancel, checkpoint, outcome, budget, digest, ...same } = change;
  return {
    ...same,
    ...(notBefore !== undefined && { not_before: notBefore }),
    ...(startedAt !== undefined && { started_at: startedAt }),
    ...(endedAt !== undefined && { ended_at: endedAt }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
    ...(budget !== undefined && { budget: toJson(budget, 'budget') }),
    ...('cancel' in change && { cancel: toJson(cancel, 'cancel') }),
    ...('checkpoint' in change && { checkpoint: toJson(checkpoint, 'checkpoint') }),
    ...(outcome !== undefined && {
      outcome: toJson(outcome, 'outcome'),
      error: toJson(outcome?.error, 'outcome.error'),
    }),
    ...(digest !== undefined && { digest: toJson(digest, 'digest') }),
  };
}
