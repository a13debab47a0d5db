import type { Generated } from 'kysely';

/** The tables. Times are ISO 8601 in UTC, and whatever has a shape of its own is JSON: both databases compare them alike. */
export interface Schema {
  schema_version: { version: number };
  tasks: TaskTable;
  runs: RunTable;
  run_tags: { run_id: string; key: string; value: string };
  journal: JournalTable;
  requests: RequestTable;
  /** The topmost runs that are in the archive, with all that they have begun. */
  archived_trees: { root_id: string; archived_at: string };
  launch_blocks: { id: string; metadata: string; reason: string; created_at: string };
  workspaces: { run_id: string; host: string; path: string; is_shared: number; since: string };
  blob_uses: { blob_id: string; used_by: string };
  /** `hash` is the SHA-256 of the secret. */
  tokens: { id: string; name: string; role: string; hash: string; created_at: string; expires_at: string | null };
  /** Where in its journal each message was sent. */
  messages: { run_id: string; id: string; seq: number };
  search_texts: SearchTextTable;
  /** The event up to which what each journal tells is in the texts. */
  search_marks: { run_id: string; seq: number };
  seeds: SeedTable;
  /** What is in each version of a seed, encrypted. `is_left`: its seed was deleted, and it is kept all the same (0 or 1). */
  seed_contents: {
    id: string;
    seed_id: string;
    version: number;
    sealed: string;
    saved_at: string;
    is_left: Generated<number>;
  };
  /**
   * Who uses which seed. A row outlives its seed: no fence and no version ever comes twice, also when there is another seed of
   * that name.
   */
  seed_leases: {
    seed_id: string;
    fence: Generated<number>;
    last_version: Generated<number>;
    holder: string | null;
    expires_at: string | null;
    last_leased_at: string | null;
  };
}

/** A text of a run that can be found. */
export interface SearchTextTable {
  id: Generated<number>;
  run_id: string;
  /** What tells it: what is told again takes the place of what was told under this name before. */
  key: string;
  /** Where in the journal it is told. */
  seq: number;
  at: string;
  kind: string;
  turn_id: string | null;
  item_id: string | null;
  request_id: string | null;
  message_id: string | null;
  body: string;
}

export interface SeedTable {
  id: string;
  pool: string | null;
  kind: string;
  state: string;
  reason: string | null;
  since: string;
  version: number;
  account: string | null;
  usage: string;
  /** Until when none of it may be used, as its usage windows say. */
  closed_until: string | null;
  refreshed_at: string | null;
  access_expires_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface TaskTable {
  id: string;
  name: string;
  description: string | null;
  metadata: string;
  definition: string | null;
  schedule: string | null;
  /** 0 or 1. */
  is_paused: Generated<number>;
  fires_after: string;
  last_fired_at: string | null;
  last_skipped_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface RunTable {
  id: string;
  task_id: string;
  name: string;
  /** The same in lower case: what lists are sorted and searched by. */
  name_lower: string;
  state: string;
  host: string;
  claim: Generated<number>;
  attempt: Generated<number>;
  last_seq: Generated<number>;
  priority: number;
  budget: string | null;
  definition: string | null;
  params: string | null;
  metadata: string;
  parent_id: string | null;
  root_id: string;
  child_key: string | null;
  parent_attempt: number | null;
  created_at: string;
  scheduled_for: string | null;
  not_before: string | null;
  started_at: string | null;
  ended_at: string | null;
  ttl_ms: number | null;
  expires_at: string | null;
  cancel: string | null;
  checkpoint: string | null;
  outcome: string | null;
  /** Why it has failed: part of the outcome, which may be long. */
  error: string | null;
  /** What it has come to by now, for lists. */
  digest: string | null;
  /** The idempotency key of its launch, and what that launch was to make. */
  launch_key: string | null;
  launch_print: string | null;
  retry_of: string | null;
}

export interface JournalTable {
  run_id: string;
  seq: number;
  at: string;
  /** The event, without its number and its time. */
  body: string;
}

export interface RequestTable {
  run_id: string;
  id: string;
  state: string;
  opened_at: string;
  request: string;
  answer: string | null;
  answered_by: string | null;
  closed_at: string | null;
}
