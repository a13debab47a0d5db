import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RouteSpec } from '../contract/route.ts';
import { ROUTES } from '../contract/routes.ts';
import type { Stats } from '../contract/stats.ts';
import type { AnsweredRequest } from './exchange.ts';
import type { StreamEnd } from './sse-response.ts';
import { STATS_METRICS } from './stats-metrics.ts';

export interface MetricsOptions {
  readonly stats: () => Promise<Stats>;
  readonly version: string;
}

/** What is counted here, besides what the engine counts. */
const OWN_METRICS = {
  optio_codex_build_info: 'What runs, by version; always 1.',
  optio_codex_stats_up: '1 when what the engine counts could be read, else 0.',
  optio_codex_http_requests_total: 'Requests that were answered, by route, method and status.',
  optio_codex_http_request_duration_seconds: 'How long answers took, by route; streams of events are left out.',
  optio_codex_streams_ended_total:
    'Streams of events that have ended, by how: told, left, or the code for which they were cut off.',
} as const;

/** Every metric of ours, for the docs. Those of the process itself are called as everywhere: `process_…`, `nodejs_…`. */
export const METRIC_NAMES: readonly string[] = [...STATS_METRICS.map(({ name }) => name), ...Object.keys(OWN_METRICS)];

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const STREAMS: ReadonlySet<string> = new Set(
  Object.entries<RouteSpec>(ROUTES).flatMap(([name, { answers }]) => (answers === 'events' ? [name] : [])),
);

/** Counts what the server of this process does, and tells it to Prometheus with what the engine counts. */
export class Metrics {
  readonly #stats: () => Promise<Stats>;
  readonly #registry = new Registry();
  readonly #isUp: Gauge;
  readonly #requests: Counter<'route' | 'method' | 'status'>;
  readonly #seconds: Histogram<'route'>;
  readonly #streams: Counter<'how'>;

  constructor({ stats, version }: MetricsOptions) {
    this.#stats = stats;
    const of = (name: keyof typeof OWN_METRICS) => ({ name, help: OWN_METRICS[name], registers: [this.#registry] });
    new Gauge({ ...of('optio_codex_build_info'), labelNames: ['version'] }).set({ version }, 1);
    this.#isUp = new Gauge(of('optio_codex_stats_up'));
    this.#requests = new Counter({
      ...of('optio_codex_http_requests_total'),
      labelNames: ['route', 'method', 'status'],
    });
    this.#seconds = new Histogram({
      ...of('optio_codex_http_request_duration_seconds'),
      labelNames: ['route'],
      buckets: SECONDS,
    });
    this.#streams = new Counter({ ...of('optio_codex_streams_ended_total'), labelNames: ['how'] });
  }

  /** One more request was answered. No label is of a text that others may make up, which would be without end. */
  answered({ route = 'none', method, status, ms }: Pick<AnsweredRequest, 'route' | 'method' | 'status' | 'ms'>): void {
    this.#requests.inc({ route, method: METHODS.includes(method) ? method : 'other', status });
    if (!STREAMS.has(route)) this.#seconds.observe({ route }, ms / 1000);
  }

  /** One more stream has ended. */
  streamEnded(end: StreamEnd): void {
    this.#streams.inc({ how: end.how === 'cut' ? end.code : end.how });
  }

  /** All of it, as Prometheus reads it. What the engine counts is left out while it cannot be read. */
  async read(): Promise<{ readonly type: string; readonly text: string }> {
    const stats = await this.#stats().catch(() => undefined);
    this.#isUp.set(stats ? 1 : 0);
    const registries = [...(stats ? [registryOf(stats)] : []), this.#registry, ofProcess()];
    const texts = await Promise.all(registries.map((registry) => registry.metrics()));
    return { type: this.#registry.contentType, text: texts.join('\n') };
  }
}

/** What the engine has counted by now. It counts by itself, and so a registry holds it for one reading only. */
function registryOf(stats: Stats): Registry {
  const registry = new Registry();
  for (const { name, help, type, label, values } of STATS_METRICS) {
    const metric = new (type === 'counter' ? Counter : Gauge)({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [registry],
    });
    for (const [value, number] of Object.entries(values(stats))) {
      metric.inc(label === undefined ? {} : { [label]: value }, number);
    }
  }
  return registry;
}

let processRegistry: Registry | undefined;

/** Of the whole process, and so made once: it observes garbage collection and the event loop, and cannot be told to stop. */
function ofProcess(): Registry {
  if (!processRegistry) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry;
}
