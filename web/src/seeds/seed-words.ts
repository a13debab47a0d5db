import type { SeedMode, SeedSummary, SeedVerification, UsageWindow } from '../../../src/contract/seed.ts';
import { holderOf } from '../../../src/contract/seed-holder.ts';
import { plural } from '../design/in-words.ts';

/** How runs are given it. */
export const MODE_WORDS: Readonly<Record<SeedMode, string>> = {
  broker: 'Runs share it: each gets short-lived tokens',
  file: 'One run at a time, which gets the login in a file',
  key: 'Runs share the key, in memory only',
};

/** How a seed stands: what its provider says of it, and whether there is anything left to use. */
export interface Standing {
  readonly kind: 'healthy' | 'spent' | 'dead' | 'unknown';
  readonly word: string;
  /** When there is something to use again; null where that is not the question, or nobody has said. */
  readonly until: string | null;
}

export function standingOf({ state, usage }: Pick<SeedSummary, 'state' | 'usage'>, now = Date.now()): Standing {
  if (state === 'dead') return { kind: 'dead', word: 'Dead', until: null };
  const spent = usage.filter((window) => isSpent(window, now));
  if (spent.length > 0) {
    const ends = spent.map(({ resetsAt }) => resetsAt);
    const until = ends.includes(null) ? null : (ends.toSorted().at(-1) ?? null);
    return { kind: 'spent', word: 'Used up', until };
  }
  return state === 'healthy'
    ? { kind: 'healthy', word: 'Healthy', until: null }
    : { kind: 'unknown', word: 'Not known', until: null };
}

/** Whether nothing is left of a window that has not begun anew since. */
function isSpent({ usedPercent, resetsAt }: UsageWindow, now: number): boolean {
  return usedPercent >= 100 && !isOver({ resetsAt }, now);
}

/** Whether it has begun anew since it was told, so that what was used then says nothing any more. */
export function isOver({ resetsAt }: Pick<UsageWindow, 'resetsAt'>, now: number): boolean {
  return resetsAt !== null && Date.parse(resetsAt) <= now;
}

/** `ada@example.org`; what there is to say where its provider told no address. */
export function accountOf({ kind, account }: Pick<SeedSummary, 'kind' | 'account'>): string {
  if (kind === 'apiKey') return 'A key of OpenAI’s';
  return account?.email ?? account?.accountId ?? 'An account that says nothing of itself';
}

/** `ChatGPT Pro`, `API key`. */
export function planOf({ kind, account }: Pick<SeedSummary, 'kind' | 'account'>): string {
  if (kind === 'apiKey') return 'API key';
  const words = (account?.plan ?? '').split(/[\s_-]+/).filter(Boolean);
  return ['ChatGPT', ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join(' ');
}

/** How long a window is, as people say it; with whatever its provider calls it besides. */
export function windowName({ label, minutes }: Pick<UsageWindow, 'label' | 'minutes'>): string {
  if (minutes === null) return label;
  const length =
    minutes % 1440 === 0
      ? plural(minutes / 1440, 'day')
      : minutes % 60 === 0
        ? plural(minutes / 60, 'hour')
        : plural(minutes, 'minute');
  const rest = label.replace(/\b\d+(\.\d+)?\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)\b/i, '').trim();
  return rest === '' ? length : `${rest}, ${length}`;
}

/** The contents to which one can go back, the newest first: five are kept, the current one among them. */
export function earlierVersions({ version }: Pick<SeedSummary, 'version'>): number[] {
  const oldest = Math.max(1, version - 4);
  return Array.from({ length: version - oldest }, (_, step) => version - 1 - step);
}

/** Who uses a seed, in words alone: `the runs “Nightly” and “Release”`; null where nobody uses it. */
export function usersInWords(
  { runs, lease }: Pick<SeedSummary, 'runs' | 'lease'>,
  nameOf: (run: string) => string,
): string | null {
  const names = runs.map((id) => `“${nameOf(id)}”`);
  const [first] = names;
  if (first === undefined) return holderOf({ lease });
  if (names.length === 1) return `the run ${first}`;
  return `the runs ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `“work” is alive; its tokens were renewed`. */
export function verdictInWords(
  id: string,
  { verdict, isRefreshed }: Pick<SeedVerification, 'verdict' | 'isRefreshed'>,
) {
  const words = {
    alive: `“${id}” is alive`,
    dead: `“${id}” is dead: log in again`,
    unknown: `Whether “${id}” is alive could not be found out`,
  };
  return isRefreshed ? `${words[verdict]}; its tokens were renewed` : words[verdict];
}
