// What `optio-codex/client` exports: the API of a server, for Node and for browsers.
export * from '../contract/exports.ts';
export type { ServerInfo, StopReport, StopServer } from '../contract/server-info.ts';
export type { Fetch, ServerAddress } from './address.ts';
export { connectTo, OptioClient } from './client.ts';
export type { ConnectOptions } from './connection.ts';
export type { Retry } from './patience.ts';
export type { WaitingCall } from './waiting-call.ts';
