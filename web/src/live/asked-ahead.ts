/** An answer that is on its way already. */
interface Asked {
  readonly response: Promise<Response>;
  readonly calledOff: AbortController;
}

declare global {
  /** By their addresses, the answers that ask-ahead.js has asked for and that nobody has taken. */
  var askedAhead: Map<string, Asked> | undefined;
}

/** `fetch`, but what was asked for ahead is not asked for again: the first who wants it gets that, if it is a good answer. */
export async function fetchOrTake(url: string, init: RequestInit): Promise<Response> {
  const asked = (init.method ?? 'GET') === 'GET' ? take(new URL(url, location.href).href) : undefined;
  if (!asked) return fetch(url, init);
  const callOff = () => asked.calledOff.abort(init.signal?.reason);
  if (init.signal?.aborted) callOff();
  else init.signal?.addEventListener('abort', callOff, { once: true });
  const response = await asked.response.catch(() => undefined);
  // What was refused may be granted by now: to somebody who has logged in meanwhile, for one.
  return response?.ok ? response : fetch(url, init);
}

function take(address: string): Asked | undefined {
  const asked = globalThis.askedAhead?.get(address);
  globalThis.askedAhead?.delete(address);
  return asked;
}
