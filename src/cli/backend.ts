import type { ConnectOptions, StopOptions } from '../compose/connect.ts';
import type { Served, ServeOptions } from '../compose/serve.ts';
import type { StopEnd } from '../compose/stop-here.ts';
import type { OptioApi } from '../contract/api.ts';
import type { Check } from '../contract/doctor.ts';
import type { LoginLink, ServerInfo, StopServer } from '../contract/server-info.ts';

/** What the verbs work with. */
export interface ServedApi extends OptioApi {
  /** Who answers, where that is a server. */
  server?(): Promise<ServerInfo>;
  /** Lets a browser in once. */
  createLoginLink?(): Promise<LoginLink>;
}

// All that compose is made of takes most of our start to load: for a help, and for a key that somebody presses, it is
// not needed.

/** What the verbs work with; see `connect` of compose. */
export async function connectLazily(options: ConnectOptions = {}): Promise<ServedApi> {
  const { connect } = await import('../compose/connect.ts');
  return connect(options);
}

/** Looks at this machine; see `checkMachine` of compose. */
export async function* checkMachineLazily(signal: AbortSignal): AsyncIterable<Check> {
  const { checkMachine } = await import('../compose.ts');
  yield* checkMachine(signal);
}

/** Starts a server in this process; see `serve` of compose. */
export async function serveLazily(options: ServeOptions): Promise<Served> {
  const { serve } = await import('../compose/serve.ts');
  return serve(options);
}

/** The same for a command that waits for it; see `serveInBackground` of compose. */
export async function serveInBackgroundLazily(): Promise<Served | undefined> {
  const { serveInBackground } = await import('../compose/serve-in-background.ts');
  return serveInBackground();
}

/** Stops the server; see `stopServer` of compose. */
export async function stopServerLazily(how: StopServer, options: StopOptions): Promise<StopEnd | undefined> {
  const { stopServer } = await import('../compose/connect.ts');
  return stopServer(how, options);
}
