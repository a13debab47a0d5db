/** An answer that is on its way already. */
interface Asked {
  readonly response: Promise<Response>;
  readonly calledOff: AbortController;
}

declare global {
  /** By their addresses, the answers that ask-ahead.js has asked for and that nobody has taken. */
  var askedAhead: Map<string, Asked> | undefined;
}

/** `fetch`, but what was asked for ahead is not asked for again: the first who wants it gets that. */
export function fetchOrTake(url: string, init: RequestInit): Promise<Response> {
  const address = new URL(url, location.href).href;
  const asked = (init.method ?? 'GET') === 'GET' ? globalThis.askedAhead?.get(address) : undefined;
  if (!asked) return fetch(url, init);
  globalThis.askedAhead?.delete(address);
  const callOff = () => asked.calledOff.abort(init.signal?.reason);
  if (init.signal?.aborted) callOff();
  else init.signal?.addEventListener('abort', callOff, { once: true });
  return asked.response;
}
