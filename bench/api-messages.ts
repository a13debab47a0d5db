/** What bench/api.ts asks of bench/api-peer.ts. */
export type Asked =
  /** Requests of one kind, so many at a time. */
  | {
      readonly type: 'call';
      readonly method: 'GET' | 'POST';
      readonly path: string;
      readonly body?: unknown;
      readonly requests: number;
      readonly atOnce: number;
    }
  /** So many readers of one stream, until each has so many events that say when they were told. */
  | { readonly type: 'read'; readonly path: string; readonly readers: number; readonly events: number };

/** What it tells. Times are in milliseconds. */
export type Told =
  | { readonly type: 'called'; readonly perSecond: number; readonly p50: number; readonly p99: number }
  /** All readers are there. */
  | { readonly type: 'open' }
  | { readonly type: 'read'; readonly p50: number; readonly p99: number };
