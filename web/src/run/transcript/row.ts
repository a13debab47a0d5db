import type { Item } from '../../../../src/contract/item.ts';
import type { RunOutcome } from '../../../../src/contract/outcome.ts';
import type { MessageView, RequestView, TurnView } from '../../../../src/contract/view.ts';
import type { Mark } from '../../live/mark.ts';
import type { Times, TurnPlan } from '../../live/run-record.ts';

/** A mark that is shown as one; the others lead to rows of their own. */
export type PlainMark = Exclude<Mark, { readonly kind: 'request' | 'agent' | 'plan' }>;

interface Common {
  /** What tells it from all others, and by what a link names it. */
  readonly key: string;
  /** Whether it has changed: what it shows is changed in place. */
  readonly revision: number | string;
  readonly times: Times | undefined;
  /** The row that has to be unfolded for this one to be there; null for one that is always there. */
  readonly within: string | null;
  /** How deep it lies: what a sub-agent did stands below it. */
  readonly depth: number;
}

/** A row of the transcript. The same object means that nothing of it has changed. */
export type Row = Common &
  (
    | {
        readonly kind: 'item';
        readonly item: Item;
        readonly isOpen: boolean;
        /** A message that was put into the running turn. */
        readonly isSteered: boolean;
        /** Somebody was asked about it, and has not answered. */
        readonly isAsked: boolean;
      }
    | { readonly kind: 'request'; readonly entry: RequestView }
    | { readonly kind: 'mark'; readonly mark: PlainMark; readonly message: MessageView | undefined }
    /** Notices from before the first message, folded into one. */
    | { readonly kind: 'opening'; readonly marks: readonly RowOf<'mark'>[]; readonly isUnfolded: boolean }
    | { readonly kind: 'plan'; readonly plan: TurnPlan }
    | { readonly kind: 'agent'; readonly turn: TurnView; readonly prompt: string | null; readonly isUnfolded: boolean }
    /** Work between two messages, folded into one. */
    | { readonly kind: 'work'; readonly items: readonly ItemRow[]; readonly isUnfolded: boolean }
    | { readonly kind: 'turnEnd'; readonly turn: TurnView; readonly tokens: number | undefined }
    | { readonly kind: 'retrying'; readonly message: string }
    /** Sent, and not Codex's yet; `lostWith`: what ended before it was. */
    | { readonly kind: 'pending'; readonly message: MessageView; readonly lostWith: 'run' | 'turn' | null }
    | { readonly kind: 'end'; readonly outcome: RunOutcome; readonly isErrorTold: boolean }
  );
export type RowOf<K extends Row['kind']> = Extract<Row, { readonly kind: K }>;
export type ItemRow = RowOf<'item'>;

/** When what a row tells has happened: an end at its end, all else when it began; undefined where nobody knows. */
export function momentOf({ kind, times }: Pick<Row, 'kind' | 'times'>): string | undefined {
  return (kind === 'turnEnd' ? times?.endedAt : null) ?? times?.startedAt;
}
