import type { SeedSummary, UsageWindow } from '../contract/seed.ts';
import type { Seeds } from './seeds.ts';
import type { AccessTokens } from './shared-seed.ts';
import { readUsage, type UsageResult } from './usage-endpoint.ts';

/** What stands for a limit that the provider has told of otherwise. */
const LIMIT = 'limit';

export interface UsageAsk {
  readonly seeds: Pick<Seeds, 'find' | 'note' | 'way'>;
  readonly seedId: string;
  readonly version: number;
  readonly access: Pick<AccessTokens, 'accessToken' | 'chatgptAccountId' | 'chatgptPlanType'>;
}

/** Asks the provider how much of its plan a login has used, and notes that. */
export async function updateUsage(ask: UsageAsk): Promise<UsageResult> {
  const { seeds, seedId, version, access } = ask;
  const { accessToken, chatgptAccountId: accountId, chatgptPlanType } = access;
  const result = await readUsage({ accessToken, accountId, fetch: seeds.way.fetch });
  if (result.kind !== 'read') return result;
  // What the login itself says of its plan comes first.
  const plan = chatgptPlanType ?? result.usage.plan;
  const usage = toWindows(result);
  await seeds.note(seedId, version, { state: 'healthy', reason: null, usage, ...(plan !== null && { plan }) });
  return result;
}

/** Notes that a login has run into a limit, which lasts until then, and what the provider says of its usage. */
export async function noteLimit(ask: Omit<UsageAsk, 'access'> & Partial<UsageAsk>, resetsAt?: string): Promise<void> {
  const { seeds, seedId, version, access } = ask;
  if (access) await updateUsage({ seeds, seedId, version, access });
  const { usage } = await seeds.find(seedId);
  if (resetsAt === undefined || isFull(usage)) return;
  const limit = { label: LIMIT, usedPercent: 100, minutes: null, resetsAt };
  await seeds.note(seedId, version, { usage: [...usage.filter(({ label }) => label !== LIMIT), limit] });
}

function isFull(usage: SeedSummary['usage']): boolean {
  return usage.some(({ usedPercent, resetsAt, label }) => usedPercent >= 100 && resetsAt !== null && label !== LIMIT);
}

function toWindows({ usage }: Extract<UsageResult, { kind: 'read' }>): UsageWindow[] {
  const isOver = usage.isAllowed === false && usage.windows.every(({ usedPercent }) => usedPercent < 100);
  return usage.windows.map(({ limit, name, usedPercent, minutes, resetsAt }, index) => ({
    label: limit === 'codex' ? lengthOf(minutes, name) : `${limit} ${lengthOf(minutes, name)}`,
    usedPercent: isOver && index === 0 ? 100 : usedPercent,
    minutes,
    resetsAt: resetsAt === null ? null : new Date(resetsAt).toISOString(),
  }));
}

/** `5h`, `7d`. */
function lengthOf(minutes: number | null, name: string): string {
  if (minutes === null) return name;
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}min`;
}
