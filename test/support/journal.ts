import fc from 'fast-check';
import type { DeltaPart, RunEvent, RunEventBody, TurnStatus } from '../../src/contract/event.ts';
import type { Item } from '../../src/contract/item.ts';
import type { Request } from '../../src/contract/request.ts';
import { type ItemLife, itemLives, named } from './items.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const which = fc.nat(5);
const tokens = fc.record({ total: fc.nat(), input: fc.nat(), cached: fc.nat(), output: fc.nat(), reasoning: fc.nat() });
/** Ids come from outside; some are names that every object has. */
const name = fc.constantFrom('a', 'b', '7', 'constructor', '__proto__', 'toString');
const PARTS: readonly DeltaPart[] = ['text', 'summary', 'reasoning', 'output', 'plan'];
const ENDS: readonly TurnStatus[] = ['completed', 'interrupted', 'failed'];

/** Writes a journal that a run could have: what ends has begun, and ids are not used twice. */
class Scribe {
  readonly events: RunEvent[] = [];
  readonly #used = new Set<string>();
  readonly #turns: { turnId: string; threadId?: string }[] = [];
  readonly #items: { at: { turnId: string; threadId?: string }; item: Item }[] = [];
  readonly #messages: string[] = [];
  readonly #requests: string[] = [];

  write(body: RunEventBody): void {
    this.events.push({ seq: this.events.length + 1, at: '2026-11-22T10:00:00.000Z', ...body });
  }

  send(said: string, id: string): void {
    const messageId = this.#fresh(`m ${id}`);
    this.#messages.push(messageId);
    this.write({ type: 'message.sent', messageId, text: said, images: [], steer: false });
  }

  moveMessage(at: number, how: 'accepted' | 'taken' | 'refused'): void {
    const messageId = pick(this.#messages, at);
    const turn = pick(this.#turns, at);
    if (messageId === undefined) return;
    if (how === 'refused') {
      this.write({ type: 'message.refused', messageId, error: { code: 'turn-rejected', message: 'no' } });
    } else if (turn) this.write({ type: `message.${how}`, messageId, turnId: turn.turnId });
  }

  startTurn(id: string, isOfSubAgent: boolean): void {
    const turn = { turnId: this.#fresh(id), ...(isOfSubAgent && { threadId: 'sub-agent' }) };
    this.#turns.push(turn);
    this.write({ type: 'turn.started', ...turn });
  }

  endTurn(at: number, status: TurnStatus): void {
    const turn = pick(this.#turns, at);
    if (turn) this.write({ type: 'turn.ended', ...turn, status });
  }

  /** Whatever else is told within a turn. */
  inTurn(at: number, make: (turn: { turnId: string; threadId?: string }) => RunEventBody): void {
    const turn = pick(this.#turns, at);
    if (turn) this.write(make(turn));
  }

  startItem(at: number, { first, last }: ItemLife, id: string): void {
    const turn = pick(this.#turns, at);
    if (!turn) return;
    const itemId = this.#fresh(id);
    this.#items.push({ at: turn, item: named(last, itemId) });
    this.write({ type: 'item.started', ...turn, item: named(first, itemId) });
  }

  growItem(at: number, part: DeltaPart, delta: string): void {
    const open = pick(this.#items, at);
    if (open) this.write({ type: 'item.delta', ...open.at, itemId: open.item.id, part, delta });
  }

  endItem(at: number, isDropped: boolean): void {
    const [open] = this.#items.splice(at % Math.max(1, this.#items.length), 1);
    if (!open) return;
    if (isDropped) this.write({ type: 'item.dropped', ...open.at, itemId: open.item.id, reason: 'retry' });
    else this.write({ type: 'item.completed', ...open.at, item: open.item });
  }

  ask(id: string, isRefused: boolean): void {
    const request: Request = {
      kind: 'command',
      id: this.#fresh(`r ${id}`),
      threadId: 'main',
      turnId: null,
      itemId: null,
      sandboxed: 'no',
      command: 'ls',
      cwd: '/repo',
    };
    if (isRefused) this.write({ type: 'request.refused', request, reason: 'it is denied' });
    else this.write({ type: 'request.opened', request });
    this.#requests.push(request.id);
  }

  settle(at: number, isAnswered: boolean): void {
    const requestId = pick(this.#requests, at);
    if (requestId === undefined) return;
    if (!isAnswered) this.write({ type: 'request.closed', requestId, reason: 'resolvedElsewhere' });
    else this.write({ type: 'request.answered', requestId, answer: { kind: 'decision', behavior: 'deny' }, by: 'me' });
  }

  #fresh(id: string): string {
    const fresh = this.#used.has(id) ? `${id} ${this.#used.size}` : id;
    this.#used.add(fresh);
    return fresh;
  }
}

function pick<T>(list: readonly T[], at: number): T | undefined {
  return list[at % Math.max(1, list.length)];
}

const session = fc.constant<RunEventBody>({
  type: 'session.started',
  threadId: 'main',
  isResumed: false,
  codexVersion: '0.169.0',
  model: 'scripted',
  login: 'no key',
  workspace: { path: '/repo', kind: 'fresh' },
  sandbox: {
    mode: 'workspace-write',
    isolation: 'standard',
    network: false,
    profile: 'locked',
    approvalPolicy: 'never',
  },
});
const ended = fc.record({ text, usage: tokens }).map<RunEventBody>(({ text: said, usage }) => ({
  type: 'run.ended',
  outcome: { status: 'done', text: said, durationMs: 5, usage, turns: 1 },
}));
const progress = fc
  .record({ percent: fc.option(fc.nat(100)), message: fc.option(text) })
  .map<RunEventBody>((told) => ({ type: 'progress', ...told }));
const outsideTurns: fc.Arbitrary<RunEventBody> = fc.oneof(
  session,
  fc.constant<RunEventBody>({ type: 'run.state', state: 'running' }),
  fc.constant<RunEventBody>({ type: 'session.reconnected', reason: 'torn' }),
  fc.constant<RunEventBody>({ type: 'session.ended' }),
  fc.record({
    type: fc.constant('notice' as const),
    level: fc.constantFrom('info', 'warning', 'error'),
    message: text,
  }),
  fc.record({ type: fc.constant('codex.notification' as const), method: text, params: fc.jsonValue({ maxDepth: 1 }) }),
  text.map<RunEventBody>((model) => {
    return { type: 'settings.updated', model, effort: 'high', approvalPolicy: 'never', profile: 'locked' };
  }),
);

const moves: fc.Arbitrary<(scribe: Scribe) => void> = fc.oneof(
  outsideTurns.map((body) => (scribe: Scribe) => scribe.write(body)),
  fc.array(progress, { maxLength: 4 }).map((told) => (scribe: Scribe) => {
    for (const body of told) scribe.write(body);
  }),
  fc.tuple(text, name).map((args) => (scribe: Scribe) => scribe.send(...args)),
  fc
    .tuple(which, fc.constantFrom('accepted' as const, 'taken' as const, 'refused' as const))
    .map((args) => (scribe: Scribe) => scribe.moveMessage(...args)),
  fc.tuple(name, fc.boolean()).map((args) => (scribe: Scribe) => scribe.startTurn(...args)),
  fc.tuple(which, fc.constantFrom(...ENDS)).map((args) => (scribe: Scribe) => scribe.endTurn(...args)),
  fc.tuple(which, itemLives, name).map((args) => (scribe: Scribe) => scribe.startItem(...args)),
  fc.tuple(which, fc.constantFrom(...PARTS), text).map((args) => (scribe: Scribe) => scribe.growItem(...args)),
  fc.tuple(which, fc.boolean()).map((args) => (scribe: Scribe) => scribe.endItem(...args)),
  fc.tuple(name, fc.boolean()).map((args) => (scribe: Scribe) => scribe.ask(...args)),
  fc.tuple(which, fc.boolean()).map((args) => (scribe: Scribe) => scribe.settle(...args)),
  fc.tuple(which, text).map(([at, message]) => (scribe: Scribe) => {
    scribe.inTurn(at, (turn) => ({ type: 'turn.retrying', ...turn, message }));
  }),
  fc.tuple(which, text).map(([at, diff]) => (scribe: Scribe) => {
    scribe.inTurn(at, (turn) => ({ type: 'diff.updated', ...turn, diff }));
  }),
  fc.tuple(which, text).map(([at, step]) => (scribe: Scribe) => {
    scribe.inTurn(at, (turn) => ({ type: 'plan.updated', ...turn, steps: [{ step, status: 'pending' }] }));
  }),
  fc.tuple(which, tokens, tokens).map(([at, total, last]) => (scribe: Scribe) => {
    scribe.inTurn(at, (turn) => ({ type: 'usage.updated', ...turn, total, last, contextWindow: 1000 }));
  }),
);

/** Journals as runs could have written them, of any length, ended or not. */
export const journals: fc.Arbitrary<RunEvent[]> = fc
  .tuple(fc.array(moves, { maxLength: 80, size: 'max' }), fc.option(ended))
  .map(([list, end]) => {
    const scribe = new Scribe();
    for (const move of list) move(scribe);
    if (end) scribe.write(end);
    return scribe.events;
  });
