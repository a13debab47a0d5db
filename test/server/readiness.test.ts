import { describe, expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { Metrics } from '../../src/server/metrics.ts';
import { operationPages } from '../../src/server/operation-pages.ts';
import type { ReadinessOptions } from '../../src/server/readiness.ts';
import { STATS, scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

/** What a server answers to whoever asks whether it takes work, without a token. */
async function ready(options: Partial<ReadinessOptions>) {
  const { api } = scriptApi(options);
  const metrics = new Metrics({ stats: () => api.stats(), version: '1' });
  const { ask } = await openServer(api, { pages: operationPages({ metrics, ...options, api }) });
  const { status, json } = await ask('/readyz', { token: null });
  return { http: status, ...json };
}

describe('a server', () => {
  it('is ready when all is well', async () => {
    expect(await ready({})).toEqual({ http: 200, status: 'ok', reasons: [] });
  });

  it.each<[string, Partial<ReadinessOptions>, string]>([
    [
      'the store cannot be read',
      { api: { stats: () => Promise.reject(new OptioError('store-failed', '/secret/path is broken')) } },
      'the store cannot be read (store-failed)',
    ],
    [
      'the store does not answer',
      { api: { stats: () => new Promise(() => {}) }, patienceMs: 10 },
      'the store has not answered in 0.01 s',
    ],
    [
      'runs cannot get on',
      { api: { stats: async () => ({ ...STATS, blocked: 2 }) } },
      'what 2 of the runs tell cannot be written down: the store takes nothing',
    ],
    ['it stops', { closing: AbortSignal.abort() }, 'the server is stopping'],
  ])('is not ready when %s, and says so', async (_, options, reason) => {
    expect(await ready(options)).toEqual({ http: 503, status: 'unavailable', reasons: [reason] });
  });
});
