/** What bench/readers.ts asks of the process in which its readers are. */
export type Asked =
  | { readonly type: 'read'; readonly runIds: readonly string[]; readonly stoppedIds: readonly string[] }
  | { readonly type: 'goOn' };

/** What that answers: all are connected; those that read have read so many events; so have those that were stopped. */
export type Told =
  | { readonly type: 'open' }
  | { readonly type: 'read'; readonly events: number }
  | { readonly type: 'finished'; readonly stopped: readonly Stopped[] };

/** What a reader has that was stopped. */
export interface Stopped {
  readonly runId: string;
  readonly events: number;
  /** How often it had to connect. */
  readonly times: number;
  /** Of the data of all events. */
  readonly digest: string;
}
