import type { RunDetails, RunDigest, RunSummary } from '../../src/contract/run-summary.ts';

/** When all of these runs were launched. */
export const LAUNCHED_AT = '2026-11-22T10:00:00.000Z';
/** Five minutes later. */
export const NOW = Date.parse(LAUNCHED_AT) + 5 * 60_000;

export const RUN_ID = 'run-01a2153400000000';

export function digestOf(more: Partial<RunDigest> = {}): RunDigest {
  return {
    activity: null,
    answer: null,
    isIdle: false,
    model: 'gpt-5.5',
    effort: null,
    turns: 1,
    tokens: 1200,
    contextTokens: null,
    contextWindow: null,
    progress: null,
    diff: { files: 0, added: 0, removed: 0 },
    queued: 0,
    lastEventAt: null,
    ...more,
  };
}

/** A run that is under way, unless told otherwise. */
export function summaryOf(more: Partial<RunSummary> = {}): RunSummary {
  const id = more.id ?? RUN_ID;
  return {
    id,
    taskId: 'run',
    name: 'Fix the tests',
    state: 'running',
    problem: null,
    openRequests: 0,
    attempt: 1,
    priority: 0,
    host: 'local',
    metadata: {},
    parentId: null,
    rootId: id,
    createdAt: LAUNCHED_AT,
    scheduledFor: null,
    notBefore: null,
    startedAt: LAUNCHED_AT,
    endedAt: null,
    expiresAt: null,
    archivedAt: null,
    cancelReason: null,
    error: null,
    digest: digestOf(),
    ...more,
  };
}

export function detailsOf(more: Partial<RunDetails> = {}): RunDetails {
  const rest = { lastSeq: 0, turnId: null, params: null, budget: null, definition: null, retryOf: null, outcome: null };
  return { ...summaryOf(more), ...rest, ...more };
}
