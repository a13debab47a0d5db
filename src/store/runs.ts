import type { Selectable } from 'kysely';
import type { RunState } from '../contract/outcome.ts';
import type { RunQuery } from '../contract/run-query.ts';
import { OptioError } from '../errors.ts';
import { archivedAt, archiveTree, unarchiveTree } from './archive.ts';
import type { Database } from './database.ts';
import { removeEvents } from './journal-steps.ts';
import { fromJson, toJson } from './json.ts';
import { launchedBefore, launchedWith } from './launch-keys.ts';
import { conditionsOf, selectEntries, toEntry } from './run-entry.ts';
import { expiredTrees, expireNow, nextExpiry } from './run-expiry.ts';
import { readPage } from './run-page.ts';
import { resolveReference } from './run-reference.ts';
import { isHeld } from './run-update.ts';
import type { RunTable } from './schema.ts';
import { removeSomeTexts, removeTexts } from './search-writer.ts';
import type { EntryPage, Fire, NewRun, RunEntry, RunFilter, RunMatch, RunRecord, Runs } from './store.ts';
import { dealWith } from './tasks.ts';

/** The name of this machine among hosts. */
export const LOCAL = 'local';

export class SqlRuns implements Runs {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add(run: NewRun, fire?: Fire): Promise<RunRecord> {
    const metadata = run.metadata ?? {};
    const row = {
      id: run.id,
      task_id: run.taskId,
      ...namesOf(run.name ?? run.taskId),
      state: 'scheduled' satisfies RunState,
      host: run.host ?? LOCAL,
      priority: run.priority ?? 0,
      budget: toJson(run.budget, 'budget'),
      definition: toJson(run.definition, 'definition'),
      params: toJson(run.params, 'params'),
      metadata: JSON.stringify(metadata),
      parent_id: run.parentId ?? null,
      root_id: run.rootId ?? run.id,
      child_key: run.childKey ?? null,
      parent_attempt: run.parentAttempt ?? null,
      created_at: run.createdAt ?? new Date().toISOString(),
      scheduled_for: fire?.scheduledFor ?? null,
      not_before: run.notBefore ?? null,
      ttl_ms: run.ttlMs ?? null,
      launch_key: run.launchKey?.key ?? null,
      launch_print: run.launchKey?.print ?? null,
      retry_of: run.retryOf ?? null,
    };
    const tags = Object.entries(metadata).map(([key, value]) => ({ run_id: run.id, key, value }));
    const record = await this.#db.write(true, async (transaction) => {
      if (fire && !(await dealWith(transaction, fire, 'last_fired_at'))) {
        throw new OptioError(
          'state-changed',
          `the run of "${run.taskId}" for ${fire.scheduledFor} is dealt with already`,
        );
      }
      if (run.parent && !(await isHeld(transaction, run.parentId ?? '', run.parent))) {
        throw new OptioError('state-changed', `the run ${run.parentId} begins no children any more`);
      }
      const added = await transaction
        .insertInto('runs')
        .values(row)
        .onConflict((conflict) => conflict.column('launch_key').doNothing())
        .returningAll()
        .executeTakeFirst();
      if (!added) return toRecord(await launchedBefore(transaction, run.launchKey));
      if (tags.length > 0) await transaction.insertInto('run_tags').values(tags).execute();
      return toRecord(added);
    });
    if (record.id === run.id) this.#db.changes.tell({ runId: run.id, how: 'added' });
    return record;
  }

  async find(id: string): Promise<RunRecord | undefined> {
    const row = await this.#db.read.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toRecord(row);
  }

  async findByKey(launchKey: string): ReturnType<Runs['findByKey']> {
    const row = await launchedWith(this.#db.read, launchKey);
    return row && { run: toRecord(row), print: row.launch_print ?? '' };
  }

  async list(filter: RunFilter = {}): Promise<RunRecord[]> {
    const all = this.#db.read.selectFrom('runs').selectAll();
    const query = all.where((eb) => eb.and(conditionsOf(eb, filter)));
    return (await query.orderBy('created_at').orderBy('id').execute()).map(toRecord);
  }

  page(query: RunQuery): Promise<EntryPage> {
    return readPage(this.#db, query);
  }

  async entries(filter: RunFilter): Promise<RunEntry[]> {
    return (await selectEntries(this.#db, filter).execute()).map(toEntry);
  }

  resolve(reference: string): Promise<RunMatch[]> {
    return resolveReference(this.#db, reference);
  }

  async count(): Promise<Partial<Record<RunState, number>>> {
    const rows = await this.#db.read
      .selectFrom('runs')
      .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
      .groupBy('state')
      .execute();
    return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
  }

  async claim(id: string): Promise<RunRecord> {
    const row = await this.#db.write(true, (transaction) =>
      transaction
        .updateTable('runs')
        .set((update) => ({ claim: update('claim', '+', 1) }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst(),
    );
    if (!row)
      throw new OptioError('not-found', `there is no run ${id}`, { remedy: 'Look for it in the list of runs.' });
    return toRecord(row);
  }

  async remove(id: string): Promise<void> {
    await removeTexts(this.#db, id);
    await removeEvents(this.#db, id);
    await this.#db.write(false, async (transaction) => {
      while (!(await removeSomeTexts(transaction, id))); // what was read meanwhile
      await transaction.deleteFrom('journal').where('run_id', '=', id).execute();
      await transaction.deleteFrom('requests').where('run_id', '=', id).execute();
      await transaction.deleteFrom('messages').where('run_id', '=', id).execute();
      await transaction.deleteFrom('run_tags').where('run_id', '=', id).execute();
      await transaction.deleteFrom('workspaces').where('run_id', '=', id).execute();
      await transaction.deleteFrom('archived_trees').where('root_id', '=', id).execute();
      await transaction.deleteFrom('runs').where('id', '=', id).execute();
    });
    this.#db.changes.tell({ runId: id, how: 'removed' });
  }

  expireNow(id: string, at: string): Promise<boolean> {
    return expireNow(this.#db, id, at);
  }

  archive(id: string, at: string): Promise<boolean> {
    return archiveTree(this.#db, id, at);
  }

  unarchive(id: string): Promise<void> {
    return unarchiveTree(this.#db, id);
  }

  archivedAt(rootId: string): Promise<string | null> {
    return archivedAt(this.#db, rootId);
  }

  expired(at: string): Promise<string[][]> {
    return expiredTrees(this.#db, at);
  }

  nextExpiry(): Promise<string | undefined> {
    return nextExpiry(this.#db);
  }
}

function toRecord(row: Selectable<RunTable>): RunRecord {
  return {
    id: row.id,
    taskId: row.task_id,
    name: row.name,
    state: row.state as RunState,
    host: row.host,
    claim: row.claim,
    attempt: row.attempt,
    lastSeq: row.last_seq,
    priority: row.priority,
    budget: fromJson(row.budget) as RunRecord['budget'],
    definition: fromJson(row.definition),
    params: fromJson(row.params),
    metadata: JSON.parse(row.metadata),
    parentId: row.parent_id,
    rootId: row.root_id,
    childKey: row.child_key,
    parentAttempt: row.parent_attempt,
    createdAt: row.created_at,
    scheduledFor: row.scheduled_for,
    notBefore: row.not_before,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    ttlMs: row.ttl_ms,
    expiresAt: row.expires_at,
    cancel: fromJson(row.cancel) as RunRecord['cancel'],
    checkpoint: fromJson(row.checkpoint),
    outcome: fromJson(row.outcome) as RunRecord['outcome'],
    retryOf: row.retry_of,
    digest: fromJson(row.digest) as RunRecord['digest'],
  };
}

function namesOf(name: string): Pick<RunTable, 'name' | 'name_lower'> {
  return { name, name_lower: name.toLowerCase() };
}
