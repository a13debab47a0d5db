import type { ItemView, TurnView } from '../../../../src/contract/view.ts';
import type { Mark } from '../../live/mark.ts';
import type { RunRecord } from '../../live/run-record.ts';
import type { Row } from './row.ts';

/** Whether the reader has unfolded a row. */
export type IsUnfolded = (key: string) => boolean;

interface KnownTurn {
  readonly stamp: string;
  readonly rows: readonly Row[];
}

/** The rows of one run. What has not changed since the last time is not made again, and is the same object. */
export class Rows {
  readonly #record: RunRecord;
  readonly #isUnfolded: IsUnfolded;
  readonly #turns = new Map<string, KnownTurn>();
  readonly #known = new Map<string, Row>();
  /** The turn in which each item was seen first. */
  readonly #homes = new Map<string, string>();

  constructor(record: RunRecord, isUnfolded: IsUnfolded) {
    this.#record = record;
    this.#isUnfolded = isUnfolded;
  }

  /** All rows, in the order in which things happened. `foldedAt` changes whenever the reader folds or unfolds anything. */
  all(foldedAt: number): Row[] {
    const { view } = this.#record;
    const rows: Row[] = [...this.#marks(null, null, 0, null)];
    rows.push(...this.#marks(null, undefined, 0, null));
    for (const turnId of view.turnOrder) {
      const turn = view.turns[turnId];
      if (turn?.threadId === null) for (const row of this.#turn(turn, foldedAt)) rows.push(row);
    }
    for (const row of this.#pending()) rows.push(row);
    const end = this.#end();
    if (end) rows.push(end);
    return rows;
  }

  #turn(turn: TurnView, foldedAt: number): readonly Row[] {
    const stamp = `${this.#record.revisionOf(turn.id)}/${foldedAt}`;
    const known = this.#turns.get(turn.id);
    if (known?.stamp === stamp) return known.rows;
    const rows = [...this.#inTurn(turn, 0, null)];
    this.#turns.set(turn.id, { stamp, rows });
    return rows;
  }

  *#inTurn(turn: TurnView, depth: number, within: string | null): Generator<Row> {
    yield* this.#marks(turn.id, null, depth, within);
    for (const itemId of turn.itemOrder) {
      const row = this.#item(turn, itemId, depth, within);
      if (row) yield row;
      yield* this.#marks(turn.id, itemId, depth, within);
    }
    const common = {
      revision: this.#record.revisionOf(turn.id),
      times: this.#record.turns.get(turn.id),
      within,
      depth,
    };
    if (turn.retrying !== null)
      yield this.#keep({ kind: 'retrying', key: `${turn.id}/retrying`, ...common, message: turn.retrying });
    if (turn.status !== 'running')
      yield this.#keep({
        kind: 'turnEnd',
        key: `${turn.id}/end`,
        ...common,
        turn,
        tokens: this.#record.tokensOf(turn.id),
      });
    yield* this.#marks(turn.id, undefined, depth, within);
  }

  #item(turn: TurnView, itemId: string, depth: number, within: string | null): Row | undefined {
    const entry = turn.items[itemId];
    if (!entry || isEmpty(entry)) return undefined;
    if (!this.#homes.has(itemId)) this.#homes.set(itemId, turn.id);
    const key = this.#homes.get(itemId) === turn.id ? itemId : `${turn.id}/${itemId}`; // an id may come again in another turn
    const revision = this.#record.revisionOf(itemId);
    const known = this.#known.get(key);
    if (known?.revision === revision && known.within === within) return known;
    const { item, isOpen } = entry;
    const messageId = item.kind === 'userMessage' ? item.messageId : undefined;
    const isSteered = messageId !== undefined && (this.#record.view.messages[messageId]?.steer ?? false);
    const times = this.#record.times.get(itemId);
    const isAsked = this.#record.marksIn(turn.id, itemId).some((mark) => this.#isOpenRequest(mark));
    return this.#keep({ kind: 'item', key, revision, times, within, depth, item, isOpen, isSteered, isAsked });
  }

  #isOpenRequest(mark: Mark): boolean {
    return mark.kind === 'request' && this.#record.view.requests[mark.requestId]?.state === 'open';
  }

  *#marks(
    turnId: string | null,
    after: string | null | undefined,
    depth: number,
    within: string | null,
  ): Generator<Row> {
    for (const mark of this.#record.marksIn(turnId, after)) yield* this.#mark(mark, depth, within);
  }

  *#mark(mark: Mark, depth: number, within: string | null): Generator<Row> {
    const { view } = this.#record;
    const { key, seq, at } = mark;
    const common = { key, revision: seq as number | string, times: { startedAt: at, endedAt: at }, within, depth };
    if (mark.kind === 'request') {
      const entry = view.requests[mark.requestId];
      const revision = `${this.#record.revisionOf(mark.requestId)}/${entry?.state}`;
      const times = this.#record.times.get(mark.requestId);
      if (entry) yield this.#keep({ ...common, kind: 'request', revision, times, entry });
    } else if (mark.kind === 'plan') {
      const plan = this.#record.plans.get(mark.turnId);
      const revision = this.#record.revisionOf(`plan/${mark.turnId}`);
      if (plan) yield this.#keep({ ...common, kind: 'plan', revision, plan });
    } else if (mark.kind === 'agent') {
      const turn = view.turns[mark.turnId];
      if (turn) yield* this.#agent(turn, depth, within);
    } else if (!(mark.kind === 'sessionEnded' && view.outcome?.error?.message === mark.error.message)) {
      const message = mark.kind === 'refused' ? view.messages[mark.messageId] : undefined;
      yield this.#keep({ ...common, kind: 'mark', mark, message });
    }
  }

  *#agent(turn: TurnView, depth: number, within: string | null): Generator<Row> {
    const key = `agent/${turn.id}`;
    const isUnfolded = this.#isUnfolded(key);
    yield this.#keep({
      kind: 'agent',
      key,
      revision: `${this.#record.revisionOf(turn.id)}/${isUnfolded}`,
      times: this.#record.turns.get(turn.id),
      within,
      depth,
      turn,
      prompt: promptOf(turn),
      isUnfolded,
    });
    if (isUnfolded) yield* this.#inTurn(turn, depth + 1, key);
  }

  /** What was sent, and what Codex has not yet. */
  *#pending(): Generator<Row> {
    const { view } = this.#record;
    for (const messageId of view.messageOrder) {
      const message = view.messages[messageId];
      if (!message || message.state === 'taken' || message.state === 'refused') continue;
      const isShown = message.turnId !== null && hasMessage(view.turns[message.turnId], messageId);
      if (isShown) continue;
      const isOver = message.turnId !== null && (view.turns[message.turnId]?.status ?? 'running') !== 'running';
      const lostWith = view.outcome !== null ? 'run' : isOver ? 'turn' : null;
      const common = { revision: `${message.state}/${lostWith}`, times: undefined, within: null, depth: 0 };
      yield this.#keep({ kind: 'pending', key: `message/${messageId}`, ...common, message: { ...message }, lostWith });
    }
  }

  #end(): Row | undefined {
    const { outcome, turns } = this.#record.view;
    if (!outcome) return undefined;
    const error = outcome.error?.message;
    const isErrorTold = error !== undefined && Object.values(turns).some((turn) => turn.error === error);
    const common = { revision: this.#record.revisionOf('end'), times: undefined, within: null, depth: 0 };
    return this.#keep({ kind: 'end', key: 'end', ...common, outcome, isErrorTold });
  }

  /** The row that was made before, where nothing of it has changed. */
  #keep(row: Row): Row {
    const known = this.#known.get(row.key);
    if (known && known.revision === row.revision && known.within === row.within && known.kind === row.kind)
      return known;
    this.#known.set(row.key, row);
    return row;
  }
}

/** The model has thought, and does not say what. */
function isEmpty({ item, isOpen }: ItemView): boolean {
  return item.kind === 'reasoning' && !isOpen && ![...item.summary, ...item.content].some((text) => text.trim() !== '');
}

/** What a sub-agent was told to do: the first message of its turn. */
function promptOf(turn: TurnView): string | null {
  const first = turn.items[turn.itemOrder[0] ?? '']?.item;
  return first?.kind === 'userMessage' ? first.text : null;
}

function hasMessage(turn: TurnView | undefined, messageId: string): boolean {
  if (!turn) return false;
  return Object.values(turn.items).some(({ item }) => item.kind === 'userMessage' && item.messageId === messageId);
}
