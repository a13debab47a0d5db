import type { Budget } from '../../../../src/contract/budget.ts';
import type { RunView } from '../../../../src/contract/view.ts';
import { grouped } from '../../design/figures.ts';
import { durationInWords } from '../../design/in-words.ts';

/** A budget as one types it; of what is empty nothing is said. */
export interface BudgetDraft {
  readonly turns: string;
  readonly tokens: string;
  readonly minutes: string;
  readonly onReached: 'pause' | 'fail';
}

export function draftOf(budget: Budget | null): BudgetDraft {
  const { turns, tokens, wallMs, onReached = 'pause' } = budget ?? {};
  return {
    turns: turns === undefined ? '' : String(turns),
    tokens: tokens === undefined ? '' : String(tokens),
    minutes: wallMs === undefined ? '' : String(Math.round((wallMs / 60_000) * 100) / 100),
    onReached,
  };
}

export interface ReadBudget {
  readonly budget: Budget;
  /** What is wrong with a field, by its name. */
  readonly problems: Readonly<Partial<Record<keyof BudgetDraft, string>>>;
}

/** What was typed, where the run may use so much by now: the server raises a limit, and takes none away. */
export function readBudget(draft: BudgetDraft, now: Budget | null = null): ReadBudget {
  const { turns, tokens, minutes, onReached } = draft;
  const problems: Partial<Record<keyof BudgetDraft, string>> = {};
  const before = draftOf(now);
  for (const field of ['turns', 'tokens', 'minutes'] as const)
    if (draft[field].trim() === '' && before[field] !== '') problems[field] = 'A limit can be raised, not taken away.';
  const whole = (field: 'turns' | 'tokens', text: string) => {
    if (text.trim() === '') return {};
    const value = Number(text.replaceAll(/[\s,_]/g, ''));
    if (Number.isSafeInteger(value) && value > 0) return { [field]: value };
    problems[field] = 'A whole number above 0, or nothing.';
    return {};
  };
  const time = () => {
    if (minutes.trim() === '') return {};
    const wallMs = Math.round(Number(minutes) * 60_000);
    if (Number.isSafeInteger(wallMs) && wallMs > 0) return { wallMs };
    problems.minutes = 'A number above 0, or nothing.';
    return {};
  };
  const budget = { ...whole('turns', turns), ...whole('tokens', tokens), ...time(), onReached };
  return { budget, problems };
}

/** What a run has used of each limit by now, in words, as the server counts it. */
export function usedSoFar(
  { turns, tokens, activeMs, activeSince }: Pick<RunView, 'turns' | 'tokens' | 'activeMs' | 'activeSince'>,
  now: number,
): Readonly<Record<'turns' | 'tokens' | 'minutes', string>> {
  const begun = Object.values(turns).filter(({ threadId }) => threadId === null).length;
  const used = Object.values(tokens).reduce((sum, one) => sum + one, 0);
  const ms = activeMs + (activeSince === null ? 0 : Math.max(0, now - Date.parse(activeSince)));
  return {
    turns: `${grouped(begun)} so far.`,
    tokens: `${grouped(used)} so far.`,
    minutes: `${durationInWords(ms)} so far.`,
  };
}
