import { Agent, fetch as undiciFetch } from 'undici';

/** A `fetch` that goes over a unix socket, whatever host the address names. */
export function fetchOver(socketPath: string): { readonly fetch: typeof globalThis.fetch; close(): Promise<void> } {
  // Streams of events last as long as their run.
  const agent = new Agent({ connect: { socketPath }, bodyTimeout: 0, headersTimeout: 0 });
  const fetch = (input: unknown, init: unknown) =>
    undiciFetch(input as string, { ...(init as object), dispatcher: agent } as never);
  return { fetch: fetch as unknown as typeof globalThis.fetch, close: () => agent.destroy() };
}
