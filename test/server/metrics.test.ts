import { describe, expect, it } from 'vitest';
import type { Stats } from '../../src/contract/stats.ts';
import { OptioError } from '../../src/errors.ts';
import { METRIC_NAMES, Metrics } from '../../src/server/metrics.ts';
import { operationPages } from '../../src/server/operation-pages.ts';
import { STATS, scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

const MUCH: Stats = {
  ...STATS,
  runs: { scheduled: 1, starting: 2, running: 3, paused: 4, cancelling: 5, done: 6, failed: 7, cancelled: 8 },
  liveRuns: 9,
  launched: 10,
  takenUp: 11,
  turns: 12,
  tokens: { input: 13, cached: 14, output: 15, reasoning: 16 },
  openRequests: 17,
  oldestRequestMs: 18_500,
  answered: 19,
  events: 20,
  readers: 21,
  watchers: 22,
  problems: 23,
  blocked: 24,
};

/** The numbers in a text for Prometheus. */
function numbersIn(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

function open(stats: () => Promise<Stats> = async () => MUCH): Metrics {
  return new Metrics({ stats, version: '1.2.3' });
}

describe('the metrics of a server', () => {
  it('tell every number that the engine counts', async () => {
    const { text, type } = await open().read();
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    const numbers = numbersIn(text);
    const ofEngine = [...numbers].filter(([name]) => /^optio_codex_(?!stats_up|build)/.test(name));
    expect(ofEngine.map(([, value]) => value).sort((a, b) => a - b)).toEqual(
      [...Array.from({ length: 24 }, (_, index) => index + 1).filter((value) => value !== 18), 18.5].sort(
        (a, b) => a - b,
      ),
    );
    expect(numbers.get('optio_codex_runs{state="paused"}')).toBe(4);
    expect(numbers.get('optio_codex_tokens_total{kind="cached"}')).toBe(14);
    expect(numbers.get('optio_codex_requests_oldest_seconds')).toBe(18.5);
    expect(numbers.get('optio_codex_build_info{version="1.2.3"}')).toBe(1);
  });

  it('have these names and no others, besides those of the process', async () => {
    const { text } = await open().read();
    const told = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
    expect(told.filter((name) => !/^(process|nodejs)_/.test(name)).sort()).toEqual([...METRIC_NAMES].sort());
    expect(told).toEqual(expect.arrayContaining(['process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds']));
    expect(new Set(told).size).toBe(told.length);
  });

  it('follow the engine, and go on without it', async () => {
    let now: Stats | undefined = MUCH;
    const metrics = open(async () => {
      if (now) return now;
      throw new OptioError('store-failed', 'the disk is broken');
    });
    const turns = async () => {
      const numbers = numbersIn((await metrics.read()).text);
      return [numbers.get('optio_codex_stats_up'), numbers.get('optio_codex_turns_total')];
    };
    expect(await turns()).toEqual([1, 12]);
    now = { ...MUCH, turns: 13 };
    expect(await turns()).toEqual([1, 13]);
    now = undefined;
    expect(await turns()).toEqual([0, undefined]);
  });

  it('count requests by what we know, and never by what others may make up', async () => {
    const metrics = open();
    for (const ms of [250, 750]) metrics.answered({ route: 'listRuns', method: 'GET', status: 200, ms });
    metrics.answered({ route: undefined, method: 'BREW', status: 404, ms: 1 });
    metrics.answered({ route: 'readEvents', method: 'GET', status: 200, ms: 3_600_000 });
    metrics.streamEnded({ how: 'cut', code: 'overloaded' });
    metrics.streamEnded({ how: 'left' });
    const numbers = numbersIn((await metrics.read()).text);
    const http = [...numbers].filter(([name]) => /^optio_codex_(http_(requests|.*_(sum|count))|streams)/.test(name));
    expect(Object.fromEntries(http)).toEqual({
      'optio_codex_http_requests_total{route="listRuns",method="GET",status="200"}': 2,
      'optio_codex_http_requests_total{route="none",method="other",status="404"}': 1,
      'optio_codex_http_requests_total{route="readEvents",method="GET",status="200"}': 1,
      'optio_codex_http_request_duration_seconds_sum{route="listRuns"}': 1,
      'optio_codex_http_request_duration_seconds_count{route="listRuns"}': 2,
      'optio_codex_http_request_duration_seconds_sum{route="none"}': 0.001,
      'optio_codex_http_request_duration_seconds_count{route="none"}': 1,
      'optio_codex_streams_ended_total{how="overloaded"}': 1,
      'optio_codex_streams_ended_total{how="left"}': 1,
    });
  });

  it('are for viewers, and count what the server answers', async () => {
    const metrics = open();
    const { api, run } = scriptApi();
    run().end();
    const { ask } = await openServer(api, {
      pages: operationPages({ api, metrics }),
      onAnswered: (answered) => metrics.answered(answered),
      streams: { onEnd: (ended) => metrics.streamEnded(ended) },
    });
    expect((await ask('/metrics', { token: null })).status).toBe(401);
    expect((await ask('/api/runs/run-1/events')).text).toContain('event: end');
    await ask('/api/no/such/thing');
    const { status, headers, text } = await ask('/metrics', { token: 'viewer-token' });
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    const numbers = numbersIn(text);
    expect(numbers.get('optio_codex_http_requests_total{route="metrics",method="GET",status="401"}')).toBe(1);
    expect(numbers.get('optio_codex_http_requests_total{route="readEvents",method="GET",status="200"}')).toBe(1);
    expect(numbers.get('optio_codex_http_requests_total{route="none",method="GET",status="404"}')).toBe(1);
    expect(numbers.get('optio_codex_streams_ended_total{how="told"}')).toBe(1);
  });
});
