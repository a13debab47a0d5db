import { activityOfItem, activityOfRequest, inOneLine, THINKING } from './activity.ts';
import type { RunEvent, RunEventOf } from './event.ts';
import type { RunOutcome } from './outcome.ts';
import type { RunDigest } from './run-summary.ts';
import { TurnDiffs } from './turn-diffs.ts';
import { NO_USAGE, type TokenUsage, usageSince } from './usage.ts';
import { withoutMarkup } from './without-markup.ts';

/** How many characters of an answer are looked at: its first line or two are told. */
const MAX_READ = 2_000;

/** What a digest is made of, as far as the events go by now. It holds little, however long the journal is. */
export interface DigestSoFar {
  /** The last event that is contained. */
  seq: number;
  lastEventAt: string | null;
  model: string | null;
  effort: string | null;
  contextTokens: number | null;
  contextWindow: number | null;
  progress: RunDigest['progress'];
  /** The run's own thread, and where it works. */
  threadId: string;
  workspace: string | undefined;
  /** Why it does nothing of itself: it is paused, stops, or begins. */
  state: string | null;
  /** Its Codex is there, and will take messages for as long as nobody ends it. */
  isOpen: boolean;
  /** A message is on its way to Codex, or in a turn that runs. */
  isAsked: boolean;
  /** Turns of its own thread that run, and whether a message of ours is in them. */
  readonly running: Map<string, boolean>;
  /** Turns with messages of ours that have ended. */
  turns: number;
  /** What is under way in its own thread, oldest first; undefined for what there are no words for. */
  readonly items: Map<string, string | undefined>;
  isRetrying: string | null;
  readonly requests: Map<string, string>;
  /** The messages that wait to be sent. */
  readonly queue: Set<string>;
  /** What each of its threads has used. */
  readonly usage: Map<string, TokenUsage>;
  readonly diffs: TurnDiffs;
  outcome: (Pick<RunOutcome, 'turns' | 'usage'> & { readonly answer: string | null }) | null;
}

export function createDigest(): DigestSoFar {
  return {
    ...{ seq: 0, lastEventAt: null, model: null, effort: null, contextTokens: null, contextWindow: null },
    ...{ progress: null, threadId: '', workspace: undefined, state: null, turns: 0, isRetrying: null },
    ...{ isOpen: false, isAsked: false, outcome: null },
    running: new Map(),
    items: new Map(),
    requests: new Map(),
    queue: new Set(),
    usage: new Map(),
    diffs: new TurnDiffs(),
  };
}

/** Another one like it, which goes on by itself. */
export function copyDigest(digest: DigestSoFar): DigestSoFar {
  return {
    ...digest,
    running: new Map(digest.running),
    items: new Map(digest.items),
    requests: new Map(digest.requests),
    queue: new Set(digest.queue),
    usage: new Map(digest.usage),
    diffs: digest.diffs.copy(),
  };
}

/** Takes one more event in, in place. One that it contains already changes nothing. */
export function applyToDigest(digest: DigestSoFar, event: RunEvent): DigestSoFar {
  if (event.seq <= digest.seq) return digest;
  digest.seq = event.seq;
  digest.lastEventAt = event.at;
  switch (event.type) {
    case 'run.state':
      digest.state = wordsOfState(event);
      if (event.state === 'scheduled') closeAll(digest);
      break;
    case 'run.ended':
      digest.state = null;
      digest.outcome = endOf(event.outcome);
      closeAll(digest);
      break;
    case 'session.started':
      if (digest.threadId !== event.threadId) digest.contextTokens = null;
      digest.threadId = event.threadId;
      digest.workspace = event.workspace.path;
      digest.model = event.model;
      digest.effort = event.effort ?? (event.isResumed ? digest.effort : null);
      if (digest.state === STARTING) digest.state = null;
      digest.isOpen = event.lastsOneTurn !== true;
      break;
    case 'session.ended':
      closeAll(digest);
      break;
    case 'settings.updated':
      if (event.threadId !== undefined) break;
      digest.model = event.model;
      digest.effort = event.effort;
      break;
    case 'progress':
      digest.progress = { percent: event.percent, message: event.message };
      break;
    case 'request.opened':
      digest.requests.set(event.request.id, activityOfRequest(event.request, digest.workspace));
      break;
    case 'request.answered':
    case 'request.closed':
      digest.requests.delete(event.requestId);
      break;
    case 'message.queued':
      digest.queue.add(event.messageId);
      break;
    case 'message.sent':
      digest.isAsked = true;
      digest.queue.delete(event.messageId);
      break;
    case 'message.dequeued':
      digest.queue.delete(event.messageId);
      break;
    case 'message.refused':
      digest.isAsked = false;
      break;
    case 'usage.updated':
      digest.usage.set(event.threadId ?? digest.threadId, event.total);
      if (event.threadId !== undefined) break;
      digest.contextTokens = event.last.total;
      digest.contextWindow = event.contextWindow ?? digest.contextWindow;
      break;
    case 'diff.updated':
      digest.diffs.put(event.turnId, event.diff);
      break;
    case 'turn.ended':
      digest.diffs.end(event.turnId);
      if (event.threadId === undefined) endTurn(digest, event.turnId);
      break;
    default:
      if ('threadId' in event && event.threadId !== undefined) break;
      applyToOwnTurn(digest, event);
  }
  return digest;
}

/** What is new in what its threads have used, with an event that is still to be applied. */
export function usedBy(digest: DigestSoFar, event: RunEventOf<'usage.updated'>): TokenUsage {
  return usageSince(digest.usage.get(event.threadId ?? digest.threadId) ?? NO_USAGE, event.total);
}

/** What there is to show of it. */
export function toDigest(digest: DigestSoFar): RunDigest {
  const { model, effort, contextTokens, contextWindow, progress, lastEventAt, outcome } = digest;
  const tokens = [...digest.usage.values()].reduce((sum, { total }) => sum + total, 0);
  return {
    activity: activityOf(digest),
    answer: outcome?.answer ?? null,
    isIdle: isIdle(digest),
    model,
    effort,
    // A task of one's own tells of both only when it has ended.
    turns: Math.max(digest.turns, outcome?.turns ?? 0),
    tokens: Math.max(tokens, outcome?.usage.total ?? 0),
    contextTokens,
    contextWindow,
    progress,
    diff: digest.diffs.size,
    queued: digest.queue.size,
    lastEventAt,
  };
}

function endOf({ turns, usage, text }: RunOutcome): DigestSoFar['outcome'] {
  return { turns, usage, answer: inOneLine(withoutMarkup(text.slice(0, MAX_READ))) || null };
}

const STARTING = 'starting';

function wordsOfState({ state, pause }: RunEventOf<'run.state'>): string | null {
  if (state === 'paused') return inOneLine(`paused: ${pause?.message ?? 'on request'}`);
  if (state === 'starting') return STARTING;
  return state === 'cancelling' ? 'stopping' : null;
}

/** The turn of its own thread that runs; null when none does. */
export function runningTurn({ running }: DigestSoFar): string | null {
  return [...running.keys()].at(-1) ?? null;
}

/** What keeps it from working comes first; of what it works on, what it has begun last. */
function activityOf({ state, requests, running, items, isRetrying }: DigestSoFar): string | null {
  const [waits] = requests.values();
  if (state !== null || waits !== undefined) return state ?? waits ?? null;
  if (running.size === 0) return null;
  return isRetrying ?? [...items.values()].findLast((words) => words !== undefined) ?? THINKING;
}

/** Between two turns, and before the first one. */
function isIdle({ state, requests, running, isOpen, isAsked }: DigestSoFar): boolean {
  return isOpen && !isAsked && state === null && requests.size === 0 && running.size === 0;
}

function applyToOwnTurn(digest: DigestSoFar, event: RunEvent): void {
  switch (event.type) {
    case 'turn.started':
      digest.running.set(event.turnId, false);
      break;
    case 'turn.retrying':
      digest.isRetrying = inOneLine(`trying again: ${event.message}`);
      break;
    case 'item.started':
    case 'item.completed': {
      const { item, turnId } = event;
      digest.isRetrying = null;
      if (item.kind === 'userMessage' && item.messageId !== undefined && digest.running.has(turnId)) {
        digest.running.set(turnId, true);
      }
      if (event.type === 'item.started') digest.items.set(item.id, activityOfItem(item, digest.workspace));
      else digest.items.delete(item.id);
      break;
    }
    case 'item.dropped':
      digest.items.delete(event.itemId);
      break;
  }
}

function endTurn(digest: DigestSoFar, turnId: string): void {
  if (digest.running.get(turnId)) digest.turns++;
  digest.running.delete(turnId);
  digest.items.clear();
  digest.isAsked = false;
  digest.isRetrying = null;
}

/** Codex is gone, and with it all that was under way. */
function closeAll(digest: DigestSoFar): void {
  for (const turnId of [...digest.running.keys()]) endTurn(digest, turnId);
  digest.isOpen = false;
  digest.isAsked = false;
  digest.diffs.endAll();
  digest.items.clear();
  digest.requests.clear();
}
