import type { ConnectOptions } from '../compose.ts';
import type { OptioApi } from '../contract/api.ts';
import type { Check } from '../contract/doctor.ts';

// All that compose is made of takes most of our start to load: for a help, and for a key that somebody presses, it is
// not needed.

/** What the verbs work with; see `connect` of compose. */
export async function connectLazily(options: ConnectOptions = {}): Promise<OptioApi> {
  const { connect } = await import('../compose.ts');
  return connect(options);
}

/** Looks at this machine; see `checkMachine` of compose. */
export async function* checkMachineLazily(signal: AbortSignal): AsyncIterable<Check> {
  const { checkMachine } = await import('../compose.ts');
  yield* checkMachine(signal);
}
