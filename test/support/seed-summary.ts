import type { SeedSummary } from '../../src/contract/seed.ts';
import type { SeedLogin } from '../../src/contract/seed-login.ts';
import type { SeedConfig } from '../../src/contract/seed-settings.ts';

/** A saved login as it is told of. */
export const SEED: SeedSummary = {
  id: 'work',
  pool: 'team',
  kind: 'chatgpt',
  mode: 'broker',
  state: 'healthy',
  reason: null,
  since: '2026-11-24T12:00:00.000Z',
  version: 4,
  account: { accountId: 'acct-1', email: 'ada@example.org', plan: 'pro' },
  usage: [{ label: '5h', usedPercent: 40, minutes: 300, resetsAt: '2026-11-24T15:00:00.000Z' }],
  lease: null,
  runs: [],
  refreshedAt: '2026-11-24T11:00:00.000Z',
  accessExpiresAt: '2026-11-25T11:00:00.000Z',
  createdAt: '2026-11-20T12:00:00.000Z',
  updatedAt: '2026-11-24T12:00:00.000Z',
  lastLeasedAt: null,
};

/** Its settings. */
export const SEED_CONFIG: SeedConfig = {
  version: 4,
  settings: { model: 'gpt-5.5', model_reasoning_effort: 'high' },
  config: 'model = "gpt-5.5"\nmodel_reasoning_effort = "high"\n',
};

/** A login that waits for somebody, as it is told of. */
export const LOGIN: SeedLogin = {
  id: 'login-1',
  seed: 'work',
  pool: null,
  method: 'deviceCode',
  state: 'waiting',
  url: 'https://auth.openai.com/codex/device',
  userCode: 'ABCD-EFGHI',
  startedAt: '2026-11-24T12:00:00.000Z',
  expiresAt: '2026-11-24T12:15:00.000Z',
  error: null,
  keptIn: null,
};
