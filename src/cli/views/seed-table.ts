import type { SeedSummary } from '../../contract/seed.ts';
import { holderOf } from '../../contract/seed-holder.ts';
import { reasonInWords } from '../../contract/seed-reason.ts';
import type { Column } from '../terminal/table.ts';
import { printable, printableName } from '../terminal/text.ts';
import { howLong, when } from '../terminal/time.ts';
import { wrapLines } from '../terminal/word-wrap.ts';

/** Room for `5h 100 % (59 min), 7d 100 % (7 d)`: so many columns the usage keeps, or it says nothing. */
const TWO_WINDOWS = 35;

/** What stands of seeds in a list. */
export function seedColumns(now: number): Column<SeedSummary>[] {
  return [
    { title: 'SEED', cell: ({ id }) => id, look: (_seed, style) => style.strong, matters: 9 },
    { title: 'POOL', cell: ({ pool }) => pool ?? '', matters: 4, least: 6 },
    { title: 'ACCOUNT', cell: accountOf, matters: 6, least: 18 },
    { title: 'PLAN', cell: ({ account }) => account?.plan ?? '', matters: 3 },
    { title: 'MODE', cell: ({ mode }) => mode, matters: 1 },
    { title: 'STATE', cell: ({ state }) => state, matters: 8 },
    { title: 'LEASED BY', cell: usersOf, matters: 5, least: 10 },
    { title: 'TOKEN', cell: ({ refreshedAt }) => (refreshedAt ? when(refreshedAt, now) : ''), matters: 2 },
    { title: 'USED (ANEW IN)', cell: (seed) => usageOf(seed, now), matters: 7, least: TWO_WINDOWS },
  ];
}

/** Why seeds are as they are, under their list: a sentence finds no room in it. */
export function seedReasons(seeds: readonly SeedSummary[], width: number): string[] {
  const told = seeds.flatMap(({ id, state, reason }) =>
    reason === null ? [] : [`${printableName(id)} is ${state}: ${printable(reasonInWords(reason))}`],
  );
  return told.flatMap((line) => wrapLines(line, width));
}

function accountOf({ kind, account }: SeedSummary): string {
  return kind === 'apiKey' ? 'API key' : (account?.email ?? account?.accountId ?? 'ChatGPT');
}

/** The runs that use it, where there are some; otherwise who else does. */
function usersOf(seed: SeedSummary): string {
  return seed.runs.length > 0 ? seed.runs.join(', ') : (holderOf(seed) ?? '');
}

/** `5h 40 % (3 h), 7d 100 %`; of a window that has begun anew since it was told, nothing is used. */
function usageOf({ usage }: SeedSummary, now: number): string {
  const parts = usage.map(({ label, usedPercent, resetsAt }) => {
    if (resetsAt === null) return `${label} ${Math.round(usedPercent)} %`;
    if (Date.parse(resetsAt) <= now) return `${label} 0 %`;
    return `${label} ${Math.round(usedPercent)} % (${howLong(Date.parse(resetsAt) - now)})`;
  });
  return parts.join(', ');
}
