import { z } from 'zod';
import { callProvider, type ProviderAnswer, readObject, type Unknown } from './provider-call.ts';

const USAGE_ENDPOINT = 'https://chatgpt.com/backend-api/wham/usage';
/** In milliseconds. */
const DEADLINE_MS = 15_000;
/** What the provider calls the limits that codex counts against by itself. */
const OWN_LIMIT = 'codex';

/** How much of one window of a plan is used up. */
interface UsageWindow {
  /** Which limit it belongs to: `codex`, or that of a model or feature. */
  readonly limit: string;
  readonly name: 'primary' | 'secondary';
  readonly usedPercent: number;
  /** How long the window is, in minutes. */
  readonly minutes: number | null;
  /** When it begins anew, in milliseconds since 1970. */
  readonly resetsAt: number | null;
}

/** An account and its usage, as far as the provider says. */
interface AccountUsage {
  readonly plan: string | null;
  readonly email: string | null;
  readonly accountId: string | null;
  /** Whether the plan still lets it work; null when the provider does not say. */
  readonly isAllowed: boolean | null;
  readonly windows: readonly UsageWindow[];
}

export type UsageResult =
  | { readonly kind: 'read'; readonly usage: AccountUsage }
  /** The access token is no good. That says nothing about the login, which may be refreshed. */
  | { readonly kind: 'refused'; readonly status: 401 | 403; readonly detail: string }
  | { readonly kind: 'unknown'; readonly why: Unknown; readonly detail: string; readonly retryAfterMs?: number };

export interface UsageOptions {
  readonly accessToken: string;
  readonly accountId: string;
  readonly fetch: typeof globalThis.fetch;
  /** Where the provider tells it; OpenAI's own unless told otherwise. */
  readonly endpoint?: string;
  /** In milliseconds; 15 s unless told otherwise. */
  readonly deadlineMs?: number;
}

/** Reads account, plan and usage windows. It costs nothing, changes nothing, and never throws. */
export async function readUsage(options: UsageOptions): Promise<UsageResult> {
  const { accessToken, accountId, endpoint = USAGE_ENDPOINT, deadlineMs = DEADLINE_MS } = options;
  const answer = await callProvider({
    fetch: options.fetch,
    url: endpoint,
    headers: { authorization: `Bearer ${accessToken}`, 'chatgpt-account-id': accountId },
    deadlineMs,
  });
  if ('why' in answer) return { kind: 'unknown', why: answer.why, detail: answer.detail };
  if (answer.status === 200) return readAnswer(answer);
  const { status, retryAfterMs } = answer;
  const detail = `HTTP ${status}`;
  if (status === 401 || status === 403) return { kind: 'refused', status, detail };
  const why = status === 429 ? 'rate-limited' : status >= 500 ? 'provider-error' : 'unexpected';
  return { kind: 'unknown', why, detail, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

// Each field may be missing or be something else one day: then it is not known, and the others are.
const text = z.string().nullish().catch(null);
const number = z.number().nullish().catch(null);
const windowSchema = z
  .object({ used_percent: z.number(), limit_window_seconds: number, reset_at: number, reset_after_seconds: number })
  .nullish()
  .catch(null);
const limitSchema = z
  .object({
    allowed: z.boolean().nullish().catch(null),
    primary_window: windowSchema,
    secondary_window: windowSchema,
  })
  .nullish()
  .catch(null);
const furtherSchema = z.object({ limit_name: text, metered_feature: text, rate_limit: limitSchema });
const usageSchema = z.object({
  plan_type: text,
  email: text,
  account_id: text,
  rate_limit: limitSchema,
  additional_rate_limits: z.array(furtherSchema.nullish().catch(null)).nullish().catch(null),
});

function readAnswer({ text, isWhole }: ProviderAnswer): UsageResult {
  const told = isWhole ? usageSchema.safeParse(readObject(text)).data : undefined;
  if (!told || !(told.plan_type || told.rate_limit)) {
    return { kind: 'unknown', why: isWhole ? 'malformed' : 'cut-off', detail: 'the answer tells no usage' };
  }
  const further = (told.additional_rate_limits ?? []).flatMap((limit) =>
    windowsOf(limit?.metered_feature ?? limit?.limit_name ?? 'other', limit?.rate_limit),
  );
  return {
    kind: 'read',
    usage: {
      plan: told.plan_type ?? null,
      email: told.email ?? null,
      accountId: told.account_id ?? null,
      isAllowed: told.rate_limit?.allowed ?? null,
      windows: [...windowsOf(OWN_LIMIT, told.rate_limit), ...further],
    },
  };
}

function windowsOf(limit: string, told: z.infer<typeof limitSchema>): readonly UsageWindow[] {
  return (['primary', 'secondary'] as const).flatMap((name) => {
    const window = told?.[`${name}_window`];
    return window ? [{ limit, name, ...readWindow(window) }] : [];
  });
}

function readWindow(window: NonNullable<z.infer<typeof windowSchema>>): Omit<UsageWindow, 'limit' | 'name'> {
  const { used_percent, limit_window_seconds: seconds, reset_at: at, reset_after_seconds: after } = window;
  const resetsAt = at != null ? at * 1000 : after != null ? Date.now() + after * 1000 : null;
  return { usedPercent: used_percent, minutes: seconds != null ? Math.ceil(seconds / 60) : null, resetsAt };
}
