import { emptyById, get, put } from './by-id.ts';
import type { RunEvent, RunEventOf } from './event.ts';
import type { Item } from './item.ts';
import { applyToQueue } from './message-queue.ts';
import { applyToMessage } from './reduce-message.ts';
import { type Request, refusalOf } from './request.ts';
import { type ControlsView, GUARD, type RequestView, type RunView, type TurnView } from './view.ts';

/** How many notices a view keeps, the newest. */
const MAX_NOTICES = 200;

/** Takes one more event into the view, in place. An event that the view contains already changes nothing. */
export function applyEvent(view: RunView, event: RunEvent): RunView {
  if (event.seq <= view.seq) return view;
  view.seq = event.seq;
  switch (event.type) {
    case 'run.state':
      applyState(view, event.state, event.at);
      view.activeMs = event.activeMs ?? view.activeMs;
      view.pause = event.pause ?? null;
      break;
    case 'run.ended':
      applyState(view, event.outcome.status, event.at);
      view.pause = null;
      view.outcome = event.outcome;
      closeAll(view);
      break;
    case 'session.started':
      applySession(view, event);
      break;
    case 'session.ended':
      closeAll(view);
      break;
    case 'session.reconnected':
    case 'journal.compacted':
    case 'codex.notification':
      break;
    case 'message.sent':
    case 'message.accepted':
    case 'message.taken':
    case 'message.refused':
      applyToMessage(view, event);
      break;
    case 'message.queued':
    case 'message.dequeued':
    case 'message.held':
    case 'message.released':
    case 'queue.ordered':
    case 'queue.paused':
    case 'queue.resumed':
      applyToQueue(view, event);
      break;
    case 'request.opened':
      putRequest(view, event.request, { state: 'open', answer: null, by: null });
      break;
    case 'request.answered':
      closeRequest(view, event.requestId, { state: 'answered', answer: event.answer, by: event.by });
      break;
    case 'request.refused': {
      const answer = refusalOf(event.request, event.reason);
      putRequest(view, event.request, { state: 'answered', answer, by: GUARD });
      break;
    }
    case 'request.closed':
      closeRequest(view, event.requestId, { state: 'closed', answer: null, by: null });
      break;
    case 'settings.updated':
      if (event.threadId === undefined) view.controls = controlsOf(event);
      break;
    case 'budget.updated':
      view.budget = event.budget;
      break;
    case 'progress':
      view.progress = { percent: event.percent, message: event.message };
      break;
    case 'notice':
      view.notices.push({ level: event.level, message: event.message, remedy: event.remedy ?? null });
      if (view.notices.length > MAX_NOTICES) view.notices.shift();
      break;
    default:
      applyToTurn(view, turnOf(view, event.turnId, event.threadId), event);
  }
  return view;
}

type TurnEvent = Extract<RunEvent, { turnId: string }> & { type: Exclude<RunEvent['type'], `message.${string}`> };

function applyToTurn(view: RunView, turn: TurnView, event: TurnEvent): void {
  switch (event.type) {
    case 'turn.started':
      break;
    case 'turn.retrying':
      turn.retrying = event.message;
      break;
    case 'turn.ended':
      turn.status = event.status;
      turn.error = event.error ?? null;
      turn.retrying = null;
      if (turn.id === view.cutTurnId && event.status !== 'interrupted') view.cutTurnId = null;
      break;
    case 'item.started':
      turn.retrying = null;
      putItem(turn, growing(event.item), true);
      break;
    case 'item.completed':
      putItem(turn, event.item, false);
      break;
    case 'item.dropped':
      dropItem(turn, event.itemId);
      break;
    case 'item.delta':
      applyDelta(turn, event);
      break;
    case 'plan.updated':
      if (event.threadId === undefined) view.plan = event.steps;
      break;
    case 'diff.updated':
      turn.diff = event.diff;
      break;
    case 'usage.updated':
      put(view.tokens, event.threadId ?? view.session?.threadId ?? '', event.total.total);
      if (event.threadId !== undefined) break;
      view.usage = event.total;
      view.contextWindow = event.contextWindow ?? view.contextWindow;
      break;
  }
}

/** Time runs while it is under way, and not while it is paused. */
function applyState(view: RunView, state: RunView['state'], at: string): void {
  view.state = state;
  if (view.activeSince !== null && state !== 'cancelling') {
    view.activeMs += Math.max(0, Date.parse(at) - Date.parse(view.activeSince)); // the clock may have been set back
    view.activeSince = null;
  }
  if (state === 'running') {
    view.startedAt ??= at;
    view.activeSince = at;
  }
  if (state === 'paused') {
    const running = Object.values(view.turns).findLast((turn) => turn.threadId === null && turn.status === 'running');
    view.cutTurnId = running?.id ?? view.cutTurnId;
  }
}

function applySession(view: RunView, event: RunEventOf<'session.started'>): void {
  view.session = {
    threadId: event.threadId,
    codexVersion: event.codexVersion,
    login: event.login,
    loginReport: event.loginReport ?? null,
    workspace: event.workspace,
    sandbox: event.sandbox,
  };
  const { approvalPolicy, profile } = event.sandbox;
  const effort = event.effort ?? (event.isResumed ? view.controls?.effort : null) ?? null;
  view.controls = controlsOf({ model: event.model, effort, approvalPolicy, profile });
}

function controlsOf({ model, effort, approvalPolicy, profile }: ControlsView): ControlsView {
  return { model, effort, approvalPolicy, profile };
}

/** Codex is gone: what it had begun will not be finished, and what it asked needs no answer. */
function closeAll(view: RunView): void {
  for (const turn of Object.values(view.turns)) {
    if (turn.status === 'running') {
      turn.status = 'interrupted';
      turn.isCut = true;
    }
    turn.retrying = null;
    for (const entry of Object.values(turn.items)) entry.isOpen = false;
  }
  for (const id of Object.keys(view.requests)) closeRequest(view, id, { state: 'closed', answer: null, by: null });
}

function turnOf(view: RunView, id: string, threadId: string | undefined): TurnView {
  const known = get(view.turns, id);
  if (known) return known;
  const turn: TurnView = {
    id,
    threadId: threadId ?? null,
    status: 'running',
    error: null,
    retrying: null,
    items: emptyById(),
    itemOrder: [],
    diff: '',
  };
  put(view.turns, id, turn);
  view.turnOrder.push(id);
  return turn;
}

function putItem(turn: TurnView, item: Item, isOpen: boolean): void {
  if (!get(turn.items, item.id)) turn.itemOrder.push(item.id);
  put(turn.items, item.id, { item, isOpen });
}

/** The item with all of it that deltas grow as its own: the event is not ours to change. */
function growing(item: Item): Item {
  return item.kind === 'reasoning' ? { ...item, summary: [...item.summary], content: [...item.content] } : { ...item };
}

/** What was only said by halves is taken back; work that was begun stays, since it may have had effects. */
function dropItem(turn: TurnView, itemId: string): void {
  const entry = get(turn.items, itemId);
  if (!entry) return;
  const isText = ['agentMessage', 'reasoning', 'plan'].includes(entry.item.kind);
  if (!isText) {
    entry.isOpen = false;
    return;
  }
  delete turn.items[itemId];
  turn.itemOrder = turn.itemOrder.filter((id) => id !== itemId);
}

/** Deltas are for watching: the completed item carries the whole text and takes their place. */
function applyDelta(turn: TurnView, event: RunEventOf<'item.delta'>): void {
  const entry = get(turn.items, event.itemId);
  if (!entry?.isOpen) return;
  const { item } = entry;
  if (item.kind === 'agentMessage' || item.kind === 'plan') item.text += event.delta;
  else if (item.kind === 'command' && event.part === 'output') item.output += event.delta;
  else if (item.kind === 'reasoning') appendLast(event.part === 'summary' ? item.summary : item.content, event.delta);
}

function appendLast(texts: string[], delta: string): void {
  const last = texts.pop() ?? '';
  texts.push(last + delta);
}

function putRequest(view: RunView, request: Request, stand: Omit<RequestView, 'request' | 'afterItemId'>): void {
  const turn = request.turnId === null ? undefined : get(view.turns, request.turnId);
  put(view.requests, request.id, { request, ...stand, afterItemId: turn?.itemOrder.at(-1) ?? null });
}

function closeRequest(view: RunView, id: string, end: Pick<RequestView, 'state' | 'answer' | 'by'>): void {
  const entry = get(view.requests, id);
  if (entry?.state === 'open') Object.assign(entry, end);
}
