import type { Budget } from './budget.ts';
import type { LoginReport, Pause, PlanStep, SandboxReport, TurnStatus } from './event.ts';
import type { Item } from './item.ts';
import type { QueueView } from './message-queue.ts';
import type { RunOutcome, RunState } from './outcome.ts';
import type { Answer, Request } from './request.ts';
import { NO_USAGE, type TokenUsage } from './usage.ts';

/** What one sees of a run: plain JSON, made from its journal and from nothing else. */
export interface RunView extends QueueView {
  /** The last event that is contained. */
  seq: number;
  state: RunState;
  /** Why it is paused; null when it is not. */
  pause: Pause | null;
  /** The turn that a pause has cut, and with which nothing has gone on yet. */
  cutTurnId: string | null;
  /** What it may use; null without limits. */
  budget: Budget | null;
  /** When it was under way for the first time (ISO 8601); null before. */
  startedAt: string | null;
  /** Since when it is so without a pause, and for how many milliseconds it was before that. */
  activeSince: string | null;
  activeMs: number;
  outcome: RunOutcome | null;
  session: SessionView | null;
  /** What holds for the turns to come; null before there is a session. */
  controls: ControlsView | null;
  turns: Record<string, TurnView>;
  /** Turns in the order in which they began. */
  turnOrder: string[];
  messages: Record<string, MessageView>;
  /** Messages in the order in which they were sent first. */
  messageOrder: string[];
  /** Messages that wait to be sent, in their order; of a run that has ended they were never sent. */
  queue: QueueView['queue'];
  /** Why none of them is sent; null when they are. */
  queuePause: QueueView['queuePause'];
  requests: Record<string, RequestView>;
  /** Of the run's own thread, as is what follows. */
  plan: PlanStep[];
  usage: TokenUsage;
  /** Tokens used so far by each of its threads, those of sub-agents too. */
  tokens: Record<string, number>;
  contextWindow: number | null;
  /** How far it says that it is; null when it has not said. */
  progress: { percent: number | null; message: string | null } | null;
  notices: { level: 'info' | 'warning' | 'error'; message: string; remedy: string | null }[];
}

/** A session as it began; what may change of it since stands in the `controls`. */
export interface SessionView {
  threadId: string;
  codexVersion: string;
  login: string;
  /** Null where that was not told. */
  loginReport: LoginReport | null;
  workspace: { path: string; kind: string };
  sandbox: SandboxReport;
}

/** What a person may turn while a session lives, as Codex told it last. */
export interface ControlsView {
  model: string;
  /** How hard the model thinks; null when Codex has not said. */
  effort: string | null;
  approvalPolicy: string;
  /** The permission profile that is in force. */
  profile: string | null;
}

export interface TurnView {
  id: string;
  /** The thread of a sub-agent; null for the run's own. */
  threadId: string | null;
  status: TurnStatus | 'running';
  /** It ended with its codex, and not by itself. */
  isCut?: true;
  error: string | null;
  /** What Codex is trying again, while it does. */
  retrying: string | null;
  items: Record<string, ItemView>;
  itemOrder: string[];
  diff: string;
}

export interface ItemView {
  item: Item;
  isOpen: boolean;
}

export interface MessageView {
  text: string;
  /** Pictures, as whoever sent it named them: files of the workspace, or others on the host. */
  images: string[];
  /** It was meant for the turn that ran. */
  steer: boolean;
  /** Only `taken` means that Codex has it for good. */
  state: 'sent' | 'accepted' | 'taken' | 'refused';
  turnId: string | null;
  /** It had waited in the queue; left out when it had not. */
  wasQueued?: boolean;
  /** Why it was refused; left out when it was not. */
  refusal?: string;
}

export interface RequestView {
  request: Request;
  state: 'open' | 'answered' | 'closed';
  answer: Answer | null;
  by: string | null;
  /** The item of its turn that began last before it; null where none had. */
  afterItemId: string | null;
}

/** Who "answers" a request that nobody was asked, since not even a person may allow it. */
export const GUARD = 'guard';

export function createRunView(): RunView {
  return {
    seq: 0,
    state: 'scheduled',
    pause: null,
    cutTurnId: null,
    budget: null,
    startedAt: null,
    activeSince: null,
    activeMs: 0,
    outcome: null,
    session: null,
    controls: null,
    turns: {},
    turnOrder: [],
    messages: {},
    messageOrder: [],
    queue: [],
    queuePause: null,
    requests: {},
    plan: [],
    usage: NO_USAGE,
    tokens: {},
    contextWindow: null,
    progress: null,
    notices: [],
  };
}

/** The requests that wait for an answer, oldest first. */
export function openRequests(view: RunView): Request[] {
  return Object.values(view.requests).flatMap((entry) => (entry.state === 'open' ? [entry.request] : []));
}
