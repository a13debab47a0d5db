import type { Account } from './account.ts';
import { type Asked, type Reply, refuse } from './exchange.ts';
import type { Lineages } from './lineages.ts';

/** Windows of a plan: five hours and a week. */
const [SHORT_SECONDS, LONG_SECONDS] = [5 * 3_600, 7 * 86_400];

/** Whose request it is; a refusal when the token, or the account beside it, is not right. */
export function whoAsks(lineages: Lineages, { bearer, headers }: Pick<Asked, 'bearer' | 'headers'>): Account | Reply {
  const account = lineages.accountOf(bearer);
  if (!account) return refuse(401, bearer ? 'token_expired' : 'missing_authorization');
  const named = headers['chatgpt-account-id'];
  return named === undefined || named === account.id ? account : refuse(403, 'account_mismatch');
}

/** `GET …/wham/accounts/check`: where codex is told to send the requests of an account. */
export function checkAccounts(account: Account, { url }: Asked): Reply {
  const told = {
    id: account.id,
    name: null,
    structure: 'personal',
    plan_type: account.plan,
    can_access_with_session: true,
    sso_connection_name: null,
    is_deactivated: false,
    is_fedramp_compliant_workspace: false,
    workspace_backend_origin: url.origin,
    account_routing_override: 'NO_CONSTRAINT',
    profile_picture_url: null,
  };
  return { status: 200, body: { accounts: [told], account_ordering: [account.id] } };
}

/** `GET …/wham/usage` */
export function readUsage({ id, userId, email, plan, usage }: Account): Reply {
  const window = (percent: number, seconds: number, resetsAt: number) => ({
    used_percent: percent,
    limit_window_seconds: seconds,
    reset_after_seconds: Math.max(0, resetsAt - Math.floor(Date.now() / 1000)),
    reset_at: resetsAt,
  });
  return {
    status: 200,
    body: {
      user_id: userId,
      account_id: id,
      email,
      plan_type: plan,
      rate_limit: {
        allowed: !usage.isExhausted,
        limit_reached: usage.isExhausted,
        primary_window: window(usage.primaryPercent, SHORT_SECONDS, usage.primaryResetsAt),
        secondary_window: window(usage.secondaryPercent, LONG_SECONDS, usage.secondaryResetsAt),
      },
      credits: { has_credits: false, unlimited: false, balance: '0' },
      additional_rate_limits: null,
      rate_limit_reached_type: null,
      a_field_of_tomorrow: { that: ['nobody', 'knows'] },
    },
  };
}

/** `GET …/wham/profiles/me` */
export function readProfile(): Reply {
  const stats = {
    lifetime_tokens: 123_456,
    peak_daily_tokens: 4_567,
    longest_running_turn_sec: 89,
    current_streak_days: 2,
    longest_streak_days: 7,
    daily_usage_buckets: [{ start_date: '2026-01-02', tokens: 4_567 }],
  };
  return { status: 200, body: { stats } };
}
