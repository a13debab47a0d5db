import { join } from 'node:path';
import type { OptioConfig } from '../config.ts';
import type { OptioApi } from '../contract/api.ts';
import { createLog, type Log } from '../server/log.ts';
import { Metrics } from '../server/metrics.ts';
import { operationPages } from '../server/operation-pages.ts';
import type { ServerOptions } from '../server/server.ts';
import { VERSION } from '../version.ts';

/** What programs ask all day long: nobody needs us for that. */
const ROUTINE: readonly (string | undefined)[] = ['health', 'readiness', 'metrics'];

export interface OperationsOptions {
  readonly config: OptioConfig;
  readonly api: OptioApi;
  readonly isBackground: boolean;
  /** Aborted when the server stops. */
  readonly closing: AbortSignal;
  /** Called when somebody has asked for something. */
  readonly onUsed: () => void;
}

/** What those need who see to it that a server runs: its log and its numbers, for all the places where it answers. */
export function operate({ config, api, isBackground, closing, onUsed }: OperationsOptions): {
  readonly log: Log;
  readonly serving: Pick<ServerOptions, 'pages' | 'onAnswered' | 'streams'>;
} {
  const log = openLog(config, isBackground);
  const metrics = new Metrics({ stats: () => api.stats(), version: VERSION });
  return {
    log,
    serving: {
      pages: operationPages({ api, metrics, closing }),
      onAnswered: (request) => {
        metrics.answered(request);
        log.answered(request);
        if (!ROUTINE.includes(request.route)) onUsed();
      },
      streams: {
        onEnd: (ending) => {
          metrics.streamEnded(ending);
          onUsed();
        },
      },
    },
  };
}

/** In the background into a file. Before a person only what is amiss, unless told otherwise; for a program, all of it. */
function openLog({ dataDir, settings }: OptioConfig, isBackground: boolean): Log {
  const level = settings['log.level'];
  if (isBackground) return createLog({ level: level ?? 'info', file: join(dataDir, 'logs', 'server.log') });
  return createLog({ level: level ?? (process.stderr.isTTY ? 'warn' : 'info') });
}
