import { sendJson } from './answer.ts';
import type { Page } from './app.ts';
import type { Metrics } from './metrics.ts';
import { type ReadinessOptions, readReadiness } from './readiness.ts';

export interface OperationPagesOptions extends ReadinessOptions {
  readonly metrics: Pick<Metrics, 'read'>;
}

/** What those ask who see to it that a server runs: whether it takes work, and how much it does. */
export function operationPages({ metrics, ...options }: OperationPagesOptions): Page[] {
  return [
    {
      name: 'readiness',
      method: 'GET',
      path: '/readyz',
      role: null,
      async answer({ outgoing }) {
        const { ready, reasons } = await readReadiness(options);
        sendJson(outgoing, ready ? 200 : 503, { status: ready ? 'ok' : 'unavailable', reasons });
      },
    },
    {
      name: 'metrics',
      method: 'GET',
      path: '/metrics',
      role: 'viewer',
      async answer({ outgoing }) {
        const { type, text } = await metrics.read();
        outgoing.writeHead(200, { 'Content-Type': type }).end(text);
      },
    },
  ];
}
