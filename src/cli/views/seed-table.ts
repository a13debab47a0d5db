import type { SeedSummary } from '../../contract/seed.ts';
import { reasonInWords } from '../../contract/seed-reason.ts';
import type { Column } from '../terminal/table.ts';
import { when } from '../terminal/time.ts';

/** What stands of seeds in a list. */
export function seedColumns(now: number): Column<SeedSummary>[] {
  return [
    { title: 'SEED', cell: ({ id }) => id, look: (_seed, style) => style.strong, matters: 9 },
    { title: 'POOL', cell: ({ pool }) => pool ?? '', matters: 3, least: 6 },
    { title: 'ACCOUNT', cell: accountOf, matters: 7, least: 12 },
    { title: 'PLAN', cell: ({ account }) => account?.plan ?? '', matters: 4 },
    { title: 'MODE', cell: ({ mode }) => mode, matters: 1 },
    { title: 'STATE', cell: stateOf, matters: 8, least: 7 },
    { title: 'LEASED BY', cell: usersOf, matters: 6, least: 10 },
    { title: 'TOKEN', cell: ({ refreshedAt }) => (refreshedAt ? when(refreshedAt, now) : ''), matters: 2 },
    { title: 'USED', cell: (seed) => usageOf(seed, now), matters: 5, least: 8 },
  ];
}

function accountOf({ kind, account }: SeedSummary): string {
  return kind === 'apiKey' ? 'API key' : (account?.email ?? account?.accountId ?? 'ChatGPT');
}

/** The runs that use it, where there are some: whoever holds its lease for them says nothing. */
function usersOf({ runs, lease }: SeedSummary): string {
  return runs.length > 0 ? runs.join(', ') : (lease?.holder ?? '');
}

function stateOf({ state, reason }: SeedSummary): string {
  return reason === null ? state : `${state}: ${reasonInWords(reason)}`;
}

/** `5h 40 %, anew in 3 h; 7d 100 %`. */
function usageOf({ usage }: SeedSummary, now: number): string {
  const parts = usage.map(({ label, usedPercent, resetsAt }) => {
    const isAhead = resetsAt !== null && Date.parse(resetsAt) > now;
    return `${label} ${Math.round(usedPercent)} %${isAhead ? `, anew ${when(resetsAt, now)}` : ''}`;
  });
  return parts.join('; ');
}
